using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Chat.EventStore;

/// <summary>
/// Follows the log for the whole process: one reader, however many followers. Events appended by this process arrive in
/// memory; those of other processes when they are announced; and a slow poll makes up for lost announcements.
/// </summary>
public sealed class EventTail : IAsyncDisposable
{
    private readonly LogReader log;
    private readonly SequenceGaps gaps;
    private readonly NotificationListener listener;
    private readonly EventStoreOptions options;
    private readonly ILogger logger;
    private readonly TailWindow window;
    private readonly LogPages pages;
    private readonly Broadcast wake = new();
    private readonly PageSize pageSize;
    private readonly Lock starting = new();
    private readonly CancellationTokenSource stopping = new();
    private Task? running;
    private long settledThrough;

    internal EventTail(
        LogReader log, SequenceGaps gaps, NotificationListener listener, EventStoreOptions options, ILogger logger)
    {
        (this.log, this.gaps, this.listener, this.options, this.logger) = (log, gaps, listener, options, logger);
        window = new(options.TailWindowEvents, options.TailWindowBytes);
        pages = new(
            (after, through, limit) => log.ReadAllPageAsync(after, through, limit, stopping.Token),
            options.CatchUpPageEvents,
            options.CatchUpBytes,
            options.DataKeyCacheTime,
            options.Clock);
        pageSize = new(options.TailPageEvents);
        listener.On(MartenTables.AppendedChannel, Announced);
    }

    /// <summary>
    /// The highest sequence up to which the log is settled: each number is that of a readable event or of none for
    /// ever. 0 until somebody follows.
    /// </summary>
    public long Position => Math.Max(window.Position, 0);

    /// <summary>Called when announcements are heard again; those from before may have been missed.</summary>
    internal Action Listening { get; set; } = () => { };

    /// <summary>To be taken before an event is decrypted or encoded, see <see cref="TailWindow.Generation"/>.</summary>
    internal long Generation => window.Generation;

    internal int EventsInMemory => window.Events;

    internal long BytesForCatchingUp => pages.Bytes;

    /// <summary>
    /// The log after a position: what is there already, then what is appended, in order, each event once, in pages of
    /// at most <see cref="EventStoreOptions.TailPageEvents"/>. Never ends by itself; lost connections are opened again
    /// and it goes on where it stood. Who is slow reads from the log and holds up nobody. The last events of a page may
    /// be newer than <see cref="Position"/> was when it was asked for.
    /// </summary>
    public IAsyncEnumerable<IReadOnlyList<StoredEvent>> FollowAsync(
        long afterSequence, CancellationToken cancellationToken) =>
        FollowAsync(afterSequence, options.TailPageEvents, cancellationToken);

    /// <summary>The same with pages of another size.</summary>
    internal async IAsyncEnumerable<IReadOnlyList<StoredEvent>> FollowAsync(
        long afterSequence, int pageEventsMax, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(afterSequence);
        Start();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping.Token);
        using var behind = new Behind(pages);
        var position = afterSequence;
        while (true)
        {
            either.Token.ThrowIfCancellationRequested();
            var changed = window.Changed;
            var end = window.Position;
            if (position >= end)
            {
                behind.Is(false);
                await changed.WaitAsync(either.Token);
                continue;
            }

            var page = window.After(position, pageEventsMax);
            behind.Is(page is null);
            if (page is null)
                (page, position) = await ReadBackAsync(behind.Reader!, position, end, pageEventsMax, either.Token);
            else
                position = page.Count > 0 ? page[^1].Sequence : end;
            if (page.Count > 0)
                yield return page;
        }
    }

    /// <summary>Stops following; followers end with <see cref="OperationCanceledException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        if (running is not null)
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Takes the events of a commit of this process, where they follow on what is known.</summary>
    internal void Committed(BatchOutcome outcome)
    {
        if (running is null)
            return;
        var (first, last) = (outcome.Sequences[0], outcome.Sequences[^1]);
        var unbroken = last - first + 1 == outcome.Sequences.Count;
        if (!unbroken
            || window.Position != first - 1
            || !window.Publish(first - 1, outcome.WrittenEvents(), outcome.Generation))
            wake.Raise();
    }

    /// <summary>An event that was committed earlier, perhaps by somebody who did not announce it.</summary>
    internal void Found(long sequence)
    {
        if (sequence > window.Position)
            wake.Raise();
    }

    /// <summary>When the first event after a position was written, if it is known without a look at the log.</summary>
    internal DateTimeOffset? OldestInMemoryAfter(long sequence) =>
        window.After(sequence, 1) is [var oldest] ? oldest.Timestamp : null;

    /// <summary>Drops decrypted events from memory.</summary>
    internal void Forget()
    {
        window.Forget();
        pages.Forget();
    }

    internal void Start()
    {
        if (running is not null)
            return;
        lock (starting)
            running ??= BackgroundLoop.Run(
                () => Task.WhenAll(RunAsync(stopping.Token), listener.RunAsync(Listen, stopping.Token)));
    }

    private void Listen()
    {
        Listening();
        wake.Raise();
    }

    private void Announced(string range)
    {
        var last = range.AsSpan(range.IndexOf('-') + 1);
        if (!long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            || sequence > window.Position)
            wake.Raise();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var backoff = new Backoff(options.ReconnectDelayMin, options.ReconnectDelayMax, options.Clock);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                // Taken before reading: what is announced while we read ends the wait below.
                var woken = wake.Next;
                if (window.Position < 0)
                    await FindEndAsync(cancellationToken);
                while (await AdvanceAsync(cancellationToken))
                    backoff.Reset();
                await WaitAsync(woken, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                logger.LogWarning(e, "Following the log was interrupted at {Position}", Position);
                await backoff.DelayAsync(cancellationToken);
            }
        }
    }

    private async Task WaitAsync(Task woken, CancellationToken cancellationToken)
    {
        try
        {
            await woken.WaitAsync(options.TailPollInterval, options.Clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The safety net: look although nobody called.
            return;
        }
    }

    private async Task FindEndAsync(CancellationToken cancellationToken)
    {
        var last = await log.LastSequenceAsync(cancellationToken);
        await gaps.SettleAsync(cancellationToken);
        settledThrough = last;
        window.Start(last);
    }

    /// <summary>Reads one page at the end of the log; false when there was nothing more.</summary>
    private async Task<bool> AdvanceAsync(CancellationToken cancellationToken)
    {
        var position = window.Position;
        var generation = window.Generation;
        var page = await log.ReadAllPageAsync(position, long.MaxValue, pageSize.Next, cancellationToken);
        pageSize.Learn(page);
        if (page.Events.Count == 0)
            return false;
        var settled = Settled(page.Events, position);
        var settledEvents = settled == page.Events.Count ? page.Events : page.Events.GetRange(0, settled);
        if (settled > 0 && !window.Publish(position, settledEvents, generation))
            return true;
        if (settled == page.Events.Count)
            return !page.IsLast;

        // Numbers are missing. All that this page shows were drawn before now, so when those who hold numbers now are
        // through, a second look shows what there will ever be up to the end of this page.
        var seen = page.Events[^1].Sequence;
        await gaps.SettleAsync(cancellationToken);
        settledThrough = seen;
        return true;
    }

    private int Settled(List<StoredEvent> page, long position)
    {
        var count = 0;
        while (count < page.Count && (page[count].Sequence <= settledThrough || page[count].Sequence == position + 1))
            position = page[count++].Sequence;
        return count;
    }

    /// <summary>A page from the log, for a follower that the window has left behind.</summary>
    private async Task<(IReadOnlyList<StoredEvent> Events, long Through)> ReadBackAsync(
        LogPages.Reader reader, long position, long end, int limit, CancellationToken cancellationToken)
    {
        var backoff = new Backoff(options.ReconnectDelayMin, options.ReconnectDelayMax, options.Clock);
        while (true)
        {
            try
            {
                return await reader.AfterAsync(position, end, limit, cancellationToken);
            }
            catch (Exception e) when (Outage.Is(e) && !cancellationToken.IsCancellationRequested)
            {
                logger.LogWarning("Reading the log after {Position} was interrupted: {Reason}", position, e.Message);
            }

            await backoff.DelayAsync(cancellationToken);
        }
    }

    /// <summary>What one follower reads pages with, as long as it is behind.</summary>
    private sealed class Behind(LogPages pages) : IDisposable
    {
        public LogPages.Reader? Reader { get; private set; }

        public void Is(bool behind)
        {
            if (behind)
            {
                Reader ??= pages.Enter();
                return;
            }

            Reader?.Dispose();
            Reader = null;
        }

        public void Dispose() => Is(false);
    }
}
