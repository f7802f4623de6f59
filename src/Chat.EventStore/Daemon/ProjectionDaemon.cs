using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// Keeps projections up to date. Every process runs one; for each projection one of them is the owner, and another
/// takes over when it dies. Each event reaches each projection exactly once.
/// </summary>
public sealed class ProjectionDaemon
{
    private readonly EventStore store;
    private readonly NpgsqlDataSource dataSource;
    private readonly ProjectionOptions options;
    private readonly ILogger<ProjectionDaemon> logger;
    private readonly Dictionary<string, (IProjection Projection, ProjectionProgress Progress)> projections;

    /// <summary>Runs nothing yet.</summary>
    /// <param name="store">The log.</param>
    /// <param name="dataSource">The database of the read models; the same as the store's.</param>
    /// <param name="projections">The projections, each with a name of its own.</param>
    /// <param name="options">Limits.</param>
    /// <param name="logger">Hears of failures.</param>
    public ProjectionDaemon(
        EventStore store,
        NpgsqlDataSource dataSource,
        IReadOnlyList<IProjection> projections,
        ProjectionOptions options,
        ILogger<ProjectionDaemon> logger)
    {
        (this.store, this.dataSource, this.options, this.logger) = (store, dataSource, options, logger);
        this.projections = projections.ToDictionary(
            projection => projection.Name,
            projection => (projection, new ProjectionProgress(projection.Name)),
            StringComparer.Ordinal);
        store.Listener.On(store.Options.ProgressChannel, Heard);
    }

    /// <summary>Runs the projections until cancelled, then returns.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var meter = new Meter(Instruments.Name);
        meter.CreateObservableGauge(
            "chat.eventstore.projection.lag",
            Lags,
            "{event}",
            "Sequence numbers between a projection and the end of the log.");
        store.Tail.Start();
        var shards = projections.Values.Select(one =>
            new ProjectionShard(one.Projection, one.Progress, store, dataSource, options, logger)
                .RunAsync(cancellationToken));
        try
        {
            await Task.WhenAll(shards);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }

    /// <summary>
    /// Waits until a projection has applied the event with this sequence. In the owner's process the owner wakes the
    /// caller; elsewhere its announcement does, or a look at the stored progress every <see
    /// cref="ProjectionOptions.WaitPollInterval"/>.
    /// </summary>
    /// <exception cref="TimeoutException">It has not within the timeout.</exception>
    public async Task WaitForAsync(
        string projection, long sequence, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var progress = projections[projection].Progress;
        var clock = store.Options.Clock;
        var started = clock.GetTimestamp();
        while (true)
        {
            var changed = progress.Changed;
            if (progress.Position >= sequence)
                return;
            var remaining = timeout - clock.GetElapsedTime(started);
            if (remaining <= TimeSpan.Zero)
                throw new TimeoutException(
                    $"Projection {projection} is at {progress.Position}, not at {sequence}, after {timeout}.");
            var wait = progress.OwnedHere || remaining < options.WaitPollInterval
                ? remaining
                : options.WaitPollInterval;
            try
            {
                await changed.WaitAsync(wait, clock, cancellationToken);
            }
            catch (TimeoutException) when (!progress.OwnedHere)
            {
                progress.Heard(await StoredPositionAsync(progress, cancellationToken), null);
            }
            catch (TimeoutException)
            {
                // The next round says so, with the position.
                continue;
            }
        }
    }

    /// <summary>How far a projection is, who runs it, and what went wrong last.</summary>
    public ProjectionStatus Status(string projection) => projections[projection].Progress.Status(store.Tail.Position);

    private async Task<long> StoredPositionAsync(ProjectionProgress progress, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await new ProgressTable(store.Options, progress.Identity).ReadAsync(connection, cancellationToken);
    }

    private void Heard(string payload)
    {
        if (ProgressPayload.Parse(payload) is { } told && projections.TryGetValue(told.Name, out var known))
            known.Progress.Heard(told.Position, told.Owner);
    }

    private IEnumerable<Measurement<long>> Lags() => projections.Values.Select(one =>
        new Measurement<long>(
            one.Progress.Status(store.Tail.Position).Lag,
            new KeyValuePair<string, object?>("projection", one.Progress.Name)));
}
