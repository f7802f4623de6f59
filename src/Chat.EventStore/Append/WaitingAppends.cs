namespace Chat.EventStore;

/// <summary>
/// The writer's side of the queue: forms batches, and keeps what has to wait for a later one. The appends of a stream
/// never overtake each other; a stream that has to wait holds up no other.
/// </summary>
internal sealed class WaitingAppends(AppendQueue queue, EventStoreOptions options)
{
    /// <summary>How long the appends of a stream that somebody else has locked are put off.</summary>
    public static readonly TimeSpan BusyDelay = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// The longest that they are put off where the lock shows only when it is waited for, which holds up everybody. The
    /// delay doubles up to here.
    /// </summary>
    public static readonly TimeSpan BusyDelayMax = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Guid, BusyStream> busy = [];

    // Streams whose time is over in this round: one append each goes first, to see whether they are free.
    private readonly Dictionary<Guid, BusyStream> probed = [];
    private readonly List<PendingAppend> putOff = [];
    private List<PendingAppend> deferred = [];
    private Task? arrival;

    private bool IsFull => deferred.Count >= options.AppendQueueCapacity;

    /// <summary>Waits until there may be something to write; false when nothing more comes.</summary>
    public async Task<bool> AnyAsync()
    {
        if (deferred.Count + putOff.Count == 0)
            return await queue.Reader.WaitToReadAsync(CancellationToken.None);
        if (!deferred.TrueForAll(IsBusy))
            return true;

        var pause = Task.Delay(BusyDelay, options.Clock, CancellationToken.None);
        if (IsFull)
        {
            await pause;
            return true;
        }

        // Kept from one round to the next: each new wait would leave another waiter behind.
        arrival ??= ArrivalAsync();
        if (await Task.WhenAny(arrival, pause) == arrival)
            arrival = null;
        return true;
    }

    /// <summary>The next batch; empty when all that waits has to go on waiting.</summary>
    public List<PendingAppend> Next()
    {
        List<PendingAppend> before = [.. putOff, .. deferred];
        putOff.Clear();
        deferred = [];
        ProbeBusyStreams();
        if (before.Find(pending => probed.GetValueOrDefault(pending.Append.StreamId).IsAlone) is { } alone)
            return OnlyOf(before, alone);

        var batch = new AppendBatch(options.MaxBatchEvents, options.MaxBatchBytes);
        foreach (var pending in before)
            AdmitOrDefer(pending, batch);

        // Those that wait count as queued: past the queue's capacity nothing more is taken from it.
        while (!IsFull
            && queue.Reader.TryPeek(out var next)
            && batch.HasRoomFor(next.Append)
            && queue.Reader.TryRead(out next))
        {
            AdmitOrDefer(next, batch);
        }

        return batch.Appends.FindAll(TakeOrDrop);
    }

    /// <summary>Puts off appends whose streams are locked, in front of what came later.</summary>
    public void PutOff(IReadOnlyList<PendingAppend> locked)
    {
        foreach (var pending in locked)
        {
            pending.PutOff();
            busy.TryAdd(pending.Append.StreamId, new(options.Clock.GetTimestamp(), BusyDelay, IsAlone: false));
        }

        putOff.AddRange(locked);
    }

    /// <summary>
    /// Puts off an append whose obstacle showed only when it was waited for: it goes alone next time.
    /// </summary>
    public void PutOffAlone(PendingAppend pending)
    {
        var last = probed.GetValueOrDefault(pending.Append.StreamId).Delay;
        var delay = last == default ? BusyDelay : last < BusyDelayMax / 2 ? last * 2 : BusyDelayMax;
        busy[pending.Append.StreamId] = new(options.Clock.GetTimestamp(), delay, IsAlone: true);
        PutOff([pending]);
    }

    /// <summary>
    /// Puts off the appends of a batch to streams that have turned out to be locked since it was formed.
    /// </summary>
    public List<PendingAppend> PutOffBusy(List<PendingAppend> appends)
    {
        if (busy.Count == 0)
            return appends;
        PutOff(appends.FindAll(IsBusy));
        return appends.FindAll(pending => !IsBusy(pending));
    }

    private bool IsBusy(PendingAppend pending) => busy.ContainsKey(pending.Append.StreamId);

    private void AdmitOrDefer(PendingAppend pending, AppendBatch batch)
    {
        var stream = pending.Append.StreamId;
        if (pending.IsWithdrawn)
            queue.Leave(pending);
        else if (IsBusy(pending) || (probed.ContainsKey(stream) && batch.Holds(stream)) || !batch.Admit(pending))
            deferred.Add(pending);
    }

    private List<PendingAppend> OnlyOf(List<PendingAppend> before, PendingAppend alone)
    {
        deferred = before.FindAll(pending => pending != alone);

        // The turn of the others is not over.
        foreach (var (stream, state) in probed.Where(one => one.Key != alone.Append.StreamId))
            busy.TryAdd(stream, state);
        return TakeOrDrop(alone) ? [alone] : [];
    }

    // From here on a cancel is too late; until here it takes the append out, wherever it waits.
    private bool TakeOrDrop(PendingAppend pending)
    {
        if (pending.Take())
            return true;
        queue.Leave(pending);
        return false;
    }

    private async Task ArrivalAsync()
    {
        if (!await queue.Reader.WaitToReadAsync(CancellationToken.None))
            await Task.Delay(BusyDelay, options.Clock, CancellationToken.None);
    }

    private void ProbeBusyStreams()
    {
        probed.Clear();
        foreach (var (stream, state) in busy)
        {
            if (options.Clock.GetElapsedTime(state.Since) < state.Delay)
                continue;
            busy.Remove(stream);
            probed.Add(stream, state);
        }
    }

    private readonly record struct BusyStream(long Since, TimeSpan Delay, bool IsAlone);
}
