using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// Keeps projections up to date. Every process runs one; for each shard of a projection one of them is the owner, and
/// another takes over within 5 s of its death. Each event reaches each projection exactly once.
/// </summary>
public sealed class ProjectionDaemon
{
    private readonly EventStore store;
    private readonly NpgsqlDataSource dataSource;
    private readonly ProjectionOptions options;
    private readonly ILogger<ProjectionDaemon> logger;
    private readonly DeadLetterTable letters;
    private readonly Dictionary<string, FollowedProjection> projections;
    private readonly Dictionary<string, ShardProgress> shards;

    /// <summary>Runs nothing yet.</summary>
    /// <param name="store">The log.</param>
    /// <param name="dataSource">The database of the read models; the same as the store's.</param>
    /// <param name="projections">The projections, each with a name of its own.</param>
    /// <param name="options">Limits.</param>
    /// <param name="logger">Hears of failures.</param>
    /// <exception cref="InvalidOperationException">A limit is wrong; the message says which.</exception>
    /// <exception cref="ArgumentException">
    /// Two projections have one name or one schema, one has too many shards, or a schema that is not its own.
    /// </exception>
    public ProjectionDaemon(
        EventStore store,
        NpgsqlDataSource dataSource,
        IReadOnlyList<IProjection> projections,
        ProjectionOptions options,
        ILogger<ProjectionDaemon> logger)
    {
        options.Validate();
        (this.store, this.dataSource, this.options, this.logger) = (store, dataSource, options, logger);
        letters = new(store.Options);
        CheckSchemas(projections, store.Options);
        this.projections = projections.ToDictionary(
            one => one.Name,
            one => new FollowedProjection(one, store.Options, options, dataSource),
            StringComparer.Ordinal);
        shards = this.projections.Values.SelectMany(one => one.Shards).ToDictionary(
            one => one.Shard.Name, StringComparer.Ordinal);
    }

    /// <summary>Runs the projections until cancelled, then returns. A store runs one daemon at a time.</summary>
    /// <exception cref="InvalidOperationException">The store runs another daemon, or this one already.</exception>
    /// <exception cref="ModelVersionException">
    /// The tables of a projection were replaced by those of another version.
    /// </exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!store.Listener.TryOn(store.Options.ProgressChannel, Heard))
            throw new InvalidOperationException(
                "The store runs a daemon already, which alone hears of the progress of other processes.");
        try
        {
            using var meter = new Meter(Instruments.Name);
            Measure(meter);
            store.Tail.Start();
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var running = projections.Values.SelectMany(one => one.Shards.Select(shard =>
                new ProjectionShard(one.Projection, shard, one.Reader, store, dataSource, options, logger)
                    .RunAsync(ending.Token))).ToList();

            // The first to end is one that cannot go on, or all do.
            if (running.Count > 0)
                await Task.WhenAny(running);
            await ending.CancelAsync();
            await Task.WhenAll(running);
        }
        finally
        {
            store.Listener.Off(store.Options.ProgressChannel);
        }
    }

    /// <summary>
    /// Waits until all shards of a projection have applied the event with this sequence. In the owner's process the
    /// owner wakes the caller; elsewhere its announcement does, or a look at the stored progress every <see
    /// cref="ProjectionOptions.WaitPollInterval"/>, one for all who wait.
    /// </summary>
    /// <exception cref="TimeoutException">They have not within the timeout.</exception>
    /// <exception cref="StoreUnavailableException">The stored progress cannot be read.</exception>
    /// <exception cref="ArgumentException">There is no such projection.</exception>
    public Task WaitForAsync(
        string projection, long sequence, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var followed = Find(projection);
        return followed.WaitForAsync(followed.Shards, sequence, timeout, cancellationToken);
    }

    /// <summary>Like the other overload, but waits for the shard of one stream only.</summary>
    /// <exception cref="TimeoutException">It has not within the timeout.</exception>
    /// <exception cref="StoreUnavailableException">The stored progress cannot be read.</exception>
    /// <exception cref="ArgumentException">There is no such projection.</exception>
    public Task WaitForAsync(
        string projection, Guid streamId, long sequence, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var followed = Find(projection);
        return followed.WaitForAsync([followed.ShardOf(streamId)], sequence, timeout, cancellationToken);
    }

    /// <summary>How far a projection is, who runs it, and what went wrong last.</summary>
    /// <exception cref="ArgumentException">There is no such projection.</exception>
    public ProjectionStatus Status(string projection)
    {
        var (end, now) = (store.Tail.Position, store.Options.Clock.GetUtcNow());
        return new(
            projection,
            [.. Find(projection).Shards.Select(one => one.Status(end, store.Tail.OldestInMemoryAfter, now))]);
    }

    /// <summary>The status of all projections, in the order of their names.</summary>
    public IReadOnlyList<ProjectionStatus> Statuses() =>
        [.. projections.Keys.Order(StringComparer.Ordinal).Select(Status)];

    /// <summary>Lets the stopped shards of a projection try again now, in whichever process they are.</summary>
    /// <exception cref="ArgumentException">There is no such projection.</exception>
    public void Resume(string projection)
    {
        ResumeHere(Find(projection));
        store.Announcer.Resume(projection);
    }

    /// <summary>The events that a projection skipped, in the order of the log.</summary>
    /// <param name="projection">Its name; it need not run here.</param>
    /// <param name="afterSequence">Where the page before ended; 0 for the first.</param>
    /// <param name="limit">Most letters, 1 to <see cref="ProjectionOptions.DeadLetterPageMax"/>.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(
        string projection, long afterSequence, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, ProjectionOptions.DeadLetterPageMax);
        return letters.ReadAsync(dataSource, projection, afterSequence, limit, cancellationToken);
    }

    private static void CheckSchemas(IReadOnlyList<IProjection> projections, EventStoreOptions options)
    {
        var schemas = new HashSet<string>(StringComparer.Ordinal);
        foreach (var one in projections.OfType<ISchemaProjection>())
        {
            ProjectionTables.CheckSchema(one.Schema, options);
            if (!schemas.Add(one.Schema))
                throw new ArgumentException($"Two projections have the schema {one.Schema}.", nameof(projections));
        }
    }

    private FollowedProjection Find(string projection) => projections.TryGetValue(projection, out var found)
        ? found
        : throw new ArgumentException($"There is no projection {projection}.", nameof(projection));

    private void Heard(string payload)
    {
        if (ProgressPayload.Parse(payload) is not { } told)
        {
            if (projections.TryGetValue(payload, out var resumed))
                ResumeHere(resumed);
        }
        else if (shards.TryGetValue(told.Shard, out var shard))
        {
            shard.Heard(told.Position, told.Epoch, told.Owner);
        }
    }

    private static void ResumeHere(FollowedProjection projection)
    {
        foreach (var shard in projection.Shards)
            shard.Resumed.Raise();
    }

    private void Measure(Meter meter)
    {
        Gauge("position", "{event}", "The sequence up to which a shard has applied its events.", one => one.Position);
        Gauge("lag", "{event}", "Sequence numbers between a shard and the end of the log.", one => one.LagEvents);
        Gauge("lag.duration", "ms", "The age of the oldest event that is not applied.", one => (long)one.LagMs);
        Gauge("paused", "{shard}", "1 where a shard has stopped.", one => one.State >= ShardState.Paused ? 1 : 0);

        void Gauge(string name, string unit, string description, Func<ShardStatus, long> value) =>
            meter.CreateObservableGauge(
                $"chat.eventstore.projection.{name}",
                () => Statuses().SelectMany(one => one.Shards).Select(one =>
                    new Measurement<long>(value(one), Instruments.TagsOf(shards[one.Name].Shard))),
                unit,
                description);
    }
}
