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
    private readonly Migrations migrations;
    private readonly Appender appender;
    private readonly AppendFinder finder;
    private readonly LogReader log;
    private readonly SnapshotStore snapshots;

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
        snapshots = new(dataSource, tables, codec, options);
        Listener = new(dataSource, options, logger);
        Tail = new(log, new(dataSource, tables, options.Clock, logger), Listener, options, logger);
        Announcer = new(dataSource, options, logger);
        migrations = new(dataSource, options);
        finder = new(dataSource, options);
        var commits = new Commits(Tail, Announcer);
        appender = new(
            new(codec, options),
            new(dataSource, options, finder, commits, logger),
            new(dataSource, options, finder, commits),
            Tail,
            Keys,
            finder,
            options);

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
    public Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken) =>
        appender.AppendAsync(append, cancellationToken);

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
        return appender.AppendAllAsync(appends, cancellationToken);
    }

    /// <summary>
    /// The append that began with this event, as a retry of it would be answered; null when it is not in the log.
    /// </summary>
    /// <exception cref="StoreUnavailableException">It is not certain.</exception>
    public Task<AppendResult?> FindAppendAsync(Guid firstEventId, CancellationToken cancellationToken) =>
        finder.FindAsync(firstEventId, cancellationToken);

    /// <summary>
    /// The events of a stream in order, from one version to another, both included, in constant memory; see <see
    /// cref="ReadStreamAsync(Guid, StreamQuery, CancellationToken)"/>.
    /// </summary>
    public IAsyncEnumerable<StoredEvent> ReadStreamAsync(
        Guid streamId, long fromVersion = 1, long? toVersion = null, CancellationToken cancellationToken = default) =>
        log.ReadStreamAsync(
            streamId, new() { FromVersion = fromVersion, ToVersion = toVersion }, cancellationToken);

    /// <summary>
    /// The events of a stream that a query asks for, each once, in the order of their versions or backwards. Every
    /// event that was committed before the read began is found; those committed meanwhile may be. Nothing is locked,
    /// and memory is bounded: at most three pages of <see cref="EventStoreOptions.ReadPageEvents"/> events and
    /// <see cref="EventStoreOptions.ReadPageBytes"/> bytes of JSON are held. Pages are read by index; one that is
    /// filtered costs what the versions it passes over cost. A stream that does not exist has no events.
    /// </summary>
    /// <exception cref="ArgumentException">The query names too many event types.</exception>
    public IAsyncEnumerable<StoredEvent> ReadStreamAsync(
        Guid streamId, StreamQuery query, CancellationToken cancellationToken) =>
        log.ReadStreamAsync(streamId, query, cancellationToken);

    /// <summary>
    /// All events after a sequence in order, in constant memory; see <see cref="ReadAllAsync(LogQuery,
    /// CancellationToken)"/>.
    /// </summary>
    public IAsyncEnumerable<StoredEvent> ReadAllAsync(
        long afterSequence, long? throughSequence = null, CancellationToken cancellationToken = default) =>
        log.ReadAllAsync(
            new() { AfterSequence = afterSequence, ThroughSequence = throughSequence }, cancellationToken);

    /// <summary>
    /// The events of the whole log that a query asks for, each once, in the order of their sequence. Every event that
    /// was committed before the read began is found. Without <see cref="LogQuery.ThroughSequence"/> it ends where the
    /// log ends now; numbers above <see cref="EventTail.Position"/> may still fill up behind it, when a foreign writer
    /// commits out of order, so follow <see cref="Tail"/> to go on. Nothing is locked, and memory is bounded: at most
    /// two pages of <see cref="EventStoreOptions.ReadPageEvents"/> events and <see
    /// cref="EventStoreOptions.ReadPageBytes"/> bytes of JSON are held.
    /// </summary>
    /// <exception cref="ArgumentException">The query names too many event types.</exception>
    public IAsyncEnumerable<StoredEvent> ReadAllAsync(LogQuery query, CancellationToken cancellationToken) =>
        log.ReadAllAsync(query, cancellationToken);

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
    public Task<T?> AggregateStreamAsync<T>(
        Guid streamId,
        Func<T?, StoredEvent, T> evolve,
        T? seed = default,
        long fromVersion = 1,
        long? toVersion = null,
        CancellationToken cancellationToken = default) =>
        AggregateStreamAsync(
            streamId,
            evolve,
            new StreamQuery { FromVersion = fromVersion, ToVersion = toVersion },
            seed,
            cancellationToken);

    /// <summary>Folds the events that a query asks for into a value, such as a stream as of a time.</summary>
    /// <returns>The value after the last event, or <paramref name="seed"/> when there is none.</returns>
    /// <exception cref="ArgumentException">The query names too many event types.</exception>
    public async Task<T?> AggregateStreamAsync<T>(
        Guid streamId,
        Func<T?, StoredEvent, T> evolve,
        StreamQuery query,
        T? seed = default,
        CancellationToken cancellationToken = default)
    {
        var state = seed;
        await foreach (var page in log.StreamPagesAsync(streamId, query, cancellationToken))
        {
            foreach (var one in page)
                state = evolve(state, one);
        }

        return state;
    }

    /// <summary>
    /// Folds a whole stream into a value, starting from its snapshot where there is one that fits. <paramref
    /// name="evolve"/> must make of a snapshot and the events behind it what it makes of all events: raise the schema
    /// version of the type when it no longer does.
    /// </summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="evolve">The next value from the one before and an event.</param>
    /// <param name="saving">Whether to save the value.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <returns>The value and the version of the last event in it; null when the stream has no events.</returns>
    /// <exception cref="UnprotectedSnapshotException">A snapshot was due and might hold personal data.</exception>
    /// <exception cref="SnapshotTooLargeException">A snapshot was due and is larger than the limit.</exception>
    public async Task<Snapshot<T>?> AggregateStreamAsync<T>(
        Guid streamId, Func<T?, StoredEvent, T> evolve, SnapshotSaving saving, CancellationToken cancellationToken)
        where T : class
    {
        var start = await snapshots.LoadAsync<T>(streamId, cancellationToken);
        var (version, state) = (start?.Version ?? 0, start?.State);
        var rest = new StreamQuery { FromVersion = version + 1 };
        await foreach (var page in log.StreamPagesAsync(streamId, rest, cancellationToken))
        {
            foreach (var one in page)
                (version, state) = (one.Version, evolve(state, one));
        }

        if (state is null)
            return null;
        var reached = new Snapshot<T>(version, state);
        if (saving == SnapshotSaving.WhenDue && version - (start?.Version ?? 0) >= Options.SnapshotEveryEvents)
            await snapshots.TrySaveAsync(streamId, reached, cancellationToken);
        return reached;
    }

    /// <summary>
    /// Saves a state of a stream, from which later folds start. A snapshot of a higher version is never overwritten by
    /// one of a lower version. Personal data of the state is encrypted like that of events.
    /// </summary>
    /// <param name="streamId">The stream, in the log.</param>
    /// <param name="version">The version of the last event in the state.</param>
    /// <param name="state">An instance of a type in <see cref="EventStoreOptions.Snapshots"/>.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>Whether it was saved: false when a higher one is there.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The stream has no event of this version.</exception>
    /// <exception cref="ArgumentException">The state cannot be written as JSON.</exception>
    /// <exception cref="UnprotectedSnapshotException">The state might hold personal data.</exception>
    /// <exception cref="SnapshotTooLargeException">It is larger than the limit.</exception>
    /// <exception cref="SubjectErasedException">The key of the state's subject was destroyed.</exception>
    public Task<bool> SaveSnapshotAsync<T>(
        Guid streamId, long version, T state, CancellationToken cancellationToken)
        where T : class =>
        snapshots.SaveAsync(streamId, new Snapshot<T>(version, state), cancellationToken);

    /// <summary>
    /// The latest snapshot of a stream. One that does not fit is as good as none: one of another history of the stream,
    /// one that cannot be read as this type, one whose subject was erased.
    /// </summary>
    public Task<Snapshot<T>?> LoadSnapshotAsync<T>(Guid streamId, CancellationToken cancellationToken)
        where T : class => snapshots.LoadAsync<T>(streamId, cancellationToken);

    /// <summary>Writes what waits, bounded by the append deadline, and closes everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await appender.DisposeAsync();
        await Tail.DisposeAsync();
        await Announcer.DisposeAsync();
    }
}
