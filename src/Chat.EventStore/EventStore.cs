using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// An event store over PostgreSQL with Marten's tables. One instance for a process and database, safe for concurrent
/// use. Connections are opened by first use.
/// </summary>
[SuppressMessage("Naming", "MA0049", Justification = "The library is called after the one thing it is.")]
public sealed class EventStore : IAsyncDisposable
{
    private const int EncodingsMax = 3;

    private readonly Migrations migrations;
    private readonly AppendEncoder encoder;
    private readonly BatchWriter writer;
    private readonly PlainAppend plain;
    private readonly AppendFinder finder;
    private readonly LogReader log;

    /// <summary>Checks the settings; opens nothing yet.</summary>
    /// <exception cref="InvalidOperationException">A setting is wrong; the message says which.</exception>
    public EventStore(NpgsqlDataSource dataSource, EventStoreOptions options, ILogger<EventStore> logger)
    {
        options.Validate();
        (Options, DataSource) = (options, dataSource);
        var tables = new MartenTables(options.Schema);
        Keys = new(dataSource, options);
        var codec = new EventCodec(options.Types, Keys);
        log = new(dataSource, tables, codec, options);
        Listener = new(dataSource, options, logger);
        Tail = new(log, new(dataSource, tables, options.Clock, logger), Listener, options, logger);
        Announcer = new(dataSource, options, logger);
        migrations = new(dataSource, options);
        encoder = new(codec, options);
        finder = new(dataSource, options);
        var commits = new Commits(Tail, Announcer);
        writer = new(dataSource, options, finder, commits, logger);
        plain = new(dataSource, options, finder, commits);

        // Decrypted text must not outlive its key in memory either.
        Keys.Erased = Tail.Forget;
        Tail.Listening = Keys.ForgetAll;
        Listener.On(options.ErasedChannel, Keys.HeardErased);
    }

    /// <summary>Follows the log.</summary>
    public EventTail Tail { get; }

    /// <summary>The keys of personal data.</summary>
    public DataKeys Keys { get; }

    internal EventStoreOptions Options { get; }

    internal NpgsqlDataSource DataSource { get; }

    internal NotificationListener Listener { get; }

    internal Announcer Announcer { get; }

    internal LogReader Log => log;

    /// <summary>
    /// Makes or updates the tables and functions. Idempotent; any number of processes may do it at once.
    /// </summary>
    public Task MigrateAsync(CancellationToken cancellationToken) => migrations.RunAsync(cancellationToken);

    /// <summary>
    /// Appends to a stream; the first event's id makes it idempotent. A cancel takes effect until the store has begun
    /// to write; from then on the caller gets the real outcome.
    /// </summary>
    /// <exception cref="ConcurrencyException">The condition did not hold.</exception>
    /// <exception cref="InvalidEventException">It can never be written.</exception>
    /// <exception cref="EventTooLargeException">It is larger than a limit.</exception>
    /// <exception cref="AppendOverloadedException">Too many appends were waiting until the deadline.</exception>
    /// <exception cref="StoreUnavailableException">Not decided: retry with the same event ids.</exception>
    /// <exception cref="AlongsideConflictException">A command alongside violated a unique index.</exception>
    /// <exception cref="SubjectErasedException">
    /// The event holds personal data of a subject whose key was destroyed.
    /// </exception>
    /// <exception cref="StreamArchivedException">The stream is archived.</exception>
    public async Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken)
    {
        var results = await MeasuredAsync([append], cancellationToken);
        return results[0];
    }

    /// <summary>
    /// Appends to several streams, to each once: all of it is written, in one transaction, or nothing. The first
    /// events' ids make it idempotent together.
    /// </summary>
    /// <returns>The results in the order of the appends.</returns>
    /// <exception cref="ArgumentException">There is none, or two are to the same stream.</exception>
    /// <inheritdoc cref="AppendAsync(Append, CancellationToken)"/>
    public Task<IReadOnlyList<AppendResult>> AppendAllAsync(
        IReadOnlyList<Append> appends, CancellationToken cancellationToken)
    {
        if (appends.Count == 0 || appends.DistinctBy(append => append.StreamId).Count() < appends.Count)
            throw new ArgumentException("It takes one append for each of one or more streams.", nameof(appends));
        return MeasuredAsync(appends, cancellationToken);
    }

    private async Task<IReadOnlyList<AppendResult>> MeasuredAsync(
        IReadOnlyList<Append> appends, CancellationToken cancellationToken)
    {
        using var activity = Instruments.Activities.StartActivity("append");
        var started = Options.Clock.GetTimestamp();
        var outcome = "ok";
        try
        {
            return await WriteAsync(appends, cancellationToken);
        }
        catch (Exception e)
        {
            outcome = e.GetType().Name;
            throw;
        }
        finally
        {
            activity?.SetTag("stream", appends[0].StreamId).SetTag("outcome", outcome);
            Instruments.Appended(Options.Clock.GetElapsedTime(started), outcome);
        }
    }

    private async Task<IReadOnlyList<AppendResult>> WriteAsync(
        IReadOnlyList<Append> appends, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var generation = Tail.Generation;
            var encoded = await encoder.EncodeAllAsync(appends, generation, cancellationToken);
            try
            {
                return encoded is [var single] && single.Source.Alongside is null or []
                    ? [await writer.AppendAsync(single, cancellationToken)]
                    : await plain.AppendAsync(encoded, cancellationToken);
            }
            catch (DataKeyMissingException e) when (attempt < EncodingsMax)
            {
                // The keys are looked up again: one that was destroyed refuses the append, one that was lost is made
                // anew.
                foreach (var key in e.Keys)
                    Keys.Renew(key.Subject);
            }
            catch (DataKeyMissingException e)
            {
                throw new StoreUnavailableException($"The data keys changed {EncodingsMax} times meanwhile.", e);
            }
        }
    }

    /// <summary>
    /// The append that began with this event, as a retry of it would be answered; null when it is not in the log.
    /// </summary>
    /// <exception cref="StoreUnavailableException">It is not certain.</exception>
    public Task<AppendResult?> FindAppendAsync(Guid firstEventId, CancellationToken cancellationToken) =>
        finder.FindAsync(firstEventId, cancellationToken);

    /// <summary>
    /// The events of a stream in order, from one version to another, both included, in constant memory.
    /// </summary>
    public IAsyncEnumerable<StoredEvent> ReadStreamAsync(
        Guid streamId, long fromVersion = 1, long? toVersion = null, CancellationToken cancellationToken = default) =>
        log.ReadStreamAsync(streamId, fromVersion, toVersion ?? long.MaxValue, cancellationToken);

    /// <summary>
    /// All events after a sequence in order, in constant memory. Without <paramref name="throughSequence"/> it ends
    /// where the log ends now; numbers above <see cref="EventTail.Position"/> may still fill up behind it, so follow
    /// <see cref="Tail"/> to go on.
    /// </summary>
    public IAsyncEnumerable<StoredEvent> ReadAllAsync(
        long afterSequence, long? throughSequence = null, CancellationToken cancellationToken = default) =>
        log.ReadAllAsync(afterSequence, throughSequence ?? long.MaxValue, cancellationToken);

    /// <summary>A stream's row; null when the stream does not exist.</summary>
    public Task<StreamState?> FetchStreamStateAsync(Guid streamId, CancellationToken cancellationToken) =>
        log.FetchStateAsync(streamId, cancellationToken);

    /// <summary>Folds a stream's events into a value.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="evolve">The next value from the one before and an event.</param>
    /// <param name="seed">
    /// The value before the first event, such as a snapshot at <paramref name="fromVersion"/> - 1.
    /// </param>
    /// <param name="fromVersion">The first version to fold.</param>
    /// <param name="toVersion">The last version to fold; the end of the stream when null.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <returns>The value after the last event, or <paramref name="seed"/> when there is none.</returns>
    public async Task<T?> AggregateStreamAsync<T>(
        Guid streamId,
        Func<T?, StoredEvent, T> evolve,
        T? seed = default,
        long fromVersion = 1,
        long? toVersion = null,
        CancellationToken cancellationToken = default)
    {
        var state = seed;
        await foreach (var one in ReadStreamAsync(streamId, fromVersion, toVersion, cancellationToken))
            state = evolve(state, one);
        return state;
    }

    /// <summary>Writes what waits, bounded by the append deadline, and closes everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        await Tail.DisposeAsync();
        await Announcer.DisposeAsync();
    }
}
