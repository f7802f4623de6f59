using Microsoft.Extensions.Logging;
using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// Rebuilds the model of a projection from the log, while the model is read and kept up to date. The new model is made
/// in a schema beside the live one, caught up with it and swapped in by one transaction: readers find one or the other,
/// whole, and the daemons go on with the new one where the old one stood. The projection may be running in this
/// process, in others, or nowhere.
/// </summary>
/// <param name="store">The log.</param>
/// <param name="dataSource">
/// The database of the model; the same as the store's. A rebuild uses 2 connections and those of <see
/// cref="RebuildOptions.Readers"/> and <see cref="RebuildOptions.Writers"/>. Its role must own the model's schema, and
/// see in <c>pg_stat_activity</c> what others do (it does if they are the same role, or with
/// <c>pg_read_all_stats</c>).
/// </param>
/// <param name="options">Limits.</param>
/// <param name="logger">Hears what a rebuild waits for.</param>
public sealed class ProjectionRebuild(
    EventStore store, NpgsqlDataSource dataSource, RebuildOptions options, ILogger<ProjectionRebuild> logger)
{
    private const int CleanupLockTimeoutMs = 10_000;

    private static readonly TimeSpan LivePollInterval = TimeSpan.FromMilliseconds(20);

    private readonly TimeProvider clock = store.Options.Clock;

    /// <summary>
    /// Rebuilds a projection's model. If it fails, is cancelled or killed, the live model is as it was; what it left
    /// behind is removed, at the latest by the next rebuild, or by a daemon that takes the projection over.
    /// </summary>
    /// <param name="projection">
    /// The projection. The shape of its tables may be another than that of the live ones.
    /// </param>
    /// <param name="progress">Is told how far it is, at most every <see cref="RebuildOptions.ReportInterval"/>.</param>
    /// <param name="cancellationToken">Ends it, until the swap is being committed.</param>
    /// <returns>The last report.</returns>
    /// <exception cref="RebuildRunningException">It is being rebuilt already.</exception>
    /// <exception cref="RebuildFailedException">
    /// Something is in the way of the swap, too many events could not be applied, or personal data was erased too often
    /// meanwhile.
    /// </exception>
    /// <exception cref="EventNotAppliedException">
    /// The projection could not apply an event, and is not to skip it: see <see cref="IProjection.OnFailure"/>.
    /// </exception>
    public Task<RebuildProgress> RunAsync(
        ISchemaProjection projection,
        IProgress<RebuildProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        RunUnlessAsync(static (_, _, _) => Task.FromResult(false), projection, progress, cancellationToken);

    /// <summary>Does the same unless a condition holds, which is asked when nobody else can rebuild it.</summary>
    internal async Task<RebuildProgress> RunUnlessAsync(
        Func<NpgsqlConnection, ISchemaProjection, CancellationToken, Task<bool>> condition,
        ISchemaProjection projection,
        IProgress<RebuildProgress>? progress,
        CancellationToken cancellationToken)
    {
        options.Validate();
        ProjectionTables.CheckSchema(projection.Schema, store.Options);
        var report = new RebuildReport(projection.Name, progress, options.ReportInterval, clock);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var held = await RebuildLock.TryTakeAsync(connection, projection.Schema, cancellationToken)
            ?? throw new RebuildRunningException(projection.Name);
        if (await condition(connection, projection, cancellationToken))
            return report.Now;
        var shadow = new ShadowSchema(projection.Schema, connection.ProcessID);
        try
        {
            await RebuildLeftovers.DropAsync(connection, projection.Schema, cancellationToken);
            var restarts = 0;
            while (!await TryRebuildAsync(connection, projection, shadow, report, cancellationToken))
            {
                if (restarts++ == options.ErasureRestartsMax)
                    throw new RebuildFailedException(
                        projection.Name, $"personal data was erased during each of {restarts} attempts.");
                logger.LogInformation(
                    "The rebuild of {Projection} starts over: personal data was erased meanwhile", projection.Name);
                await shadow.DropAsync(connection, cancellationToken);
            }
        }
        catch (Exception)
        {
            await CleanUpAsync(shadow);
            throw;
        }

        // Here at once; in other processes the swap itself has told it.
        store.Listener.Hear(store.Options.ProgressChannel, projection.Name);
        report.Enter(RebuildPhase.Done);
        return report.Now;
    }

    /// <summary>False when personal data was erased meanwhile.</summary>
    private async Task<bool> TryRebuildAsync(
        NpgsqlConnection connection,
        ISchemaProjection projection,
        ShadowSchema shadow,
        RebuildReport report,
        CancellationToken cancellationToken)
    {
        var obstacles = new SwapObstacles(projection.Name, projection.Schema);
        await obstacles.RequireNoneAsync(connection, cancellationToken);
        var progress = new ProgressRows(store.Options, projection);
        var erased = new ErasedSubjects(store);
        var build = new ShadowBuild(store, dataSource, projection, shadow, options, report);
        await erased.BeginAsync(connection, cancellationToken);
        await build.LoadAsync(connection, await SettledEndAsync(cancellationToken), cancellationToken);

        var swap = new ModelSwap(connection, shadow, build, progress, erased, obstacles, options, clock);
        var started = clock.GetTimestamp();
        while (true)
        {
            report.Enter(RebuildPhase.CatchingUp);
            await CatchUpAsync(connection, progress, build, cancellationToken);
            await AwaitLiveAsync(connection, progress, build.Position, started, cancellationToken);
            report.Enter(RebuildPhase.Swapping);
            var waited = clock.GetElapsedTime(started);
            await new OldSnapshots(clock).OutwaitAsync(
                connection, options.SwapPatience - waited, cancellationToken);
            var outcome = await swap.TryAsync(cancellationToken);
            if (outcome == SwapOutcome.Swapped && build.Skipped.Count > 0)
                logger.LogWarning(
                    "The rebuild of {Projection} skipped {Events} events", projection.Name, build.Skipped.Count);
            if (outcome != SwapOutcome.Hindered)
                return outcome == SwapOutcome.Swapped;
            logger.LogInformation("The rebuild of {Projection} waits: {Obstacle}", projection.Name, swap.Obstacle);
            if (clock.GetElapsedTime(started) >= options.SwapPatience)
                throw new RebuildFailedException(projection.Name, swap.Obstacle);
            await Task.Delay(options.SwapRetryDelay, clock, cancellationToken);
        }
    }

    /// <summary>
    /// Catches up with the live model while it goes on, as long as that brings them closer: with a log that grows fast,
    /// what comes during one round is the least that the swap can have left to do.
    /// </summary>
    private async Task CatchUpAsync(
        NpgsqlConnection connection, ProgressRows progress, ShadowBuild build, CancellationToken cancellationToken)
    {
        var before = long.MaxValue;
        while (true)
        {
            var live = await progress.ReadAsync(connection, cancellationToken);
            var gap = live - build.Position;
            if (gap <= options.SwapGapEvents || gap > before / 2)
                return;
            await build.CatchUpAsync(live, cancellationToken);
            before = gap;
        }
    }

    /// <summary>
    /// Waits for a live model that is behind the new one but on its way: when both stand at the same position, whoever
    /// looks during the swap sees no step. Its owner may just be between two attempts, so only one that has never run
    /// is not waited for. What counts is the shard that is furthest, as for the gap: the longer it is waited for one
    /// that is behind, the more is left for the swap to do.
    /// </summary>
    private async Task AwaitLiveAsync(
        NpgsqlConnection connection,
        ProgressRows progress,
        long position,
        long started,
        CancellationToken cancellationToken)
    {
        var (last, movedAt) = (-1L, clock.GetTimestamp());
        while (clock.GetElapsedTime(started) < options.SwapPatience)
        {
            var live = await progress.ReadAsync(connection, cancellationToken);
            var hasNeverRun = live == 0 && !await progress.IsOwnedAsync(connection, cancellationToken);
            if (live >= position || hasNeverRun)
                return;
            if (live != last)
                (last, movedAt) = (live, clock.GetTimestamp());
            else if (clock.GetElapsedTime(movedAt) >= options.LivePatience)
                return;
            await Task.Delay(LivePollInterval, clock, cancellationToken);
        }
    }

    /// <summary>A sequence up to which no event can appear any more.</summary>
    private async Task<long> SettledEndAsync(CancellationToken cancellationToken)
    {
        var last = await store.Log.LastSequenceAsync(cancellationToken);
        await new SequenceGaps(dataSource, new(store.Options.Schema), clock, logger).SettleAsync(cancellationToken);
        return last;
    }

    private async Task CleanUpAsync(ShadowSchema shadow)
    {
        try
        {
            // The rebuild's own connection may be what failed; without it the lock is gone, and its name with it.
            await using var connection = await dataSource.OpenConnectionAsync(CancellationToken.None);
            await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
            await connection.RunAsync($"SET LOCAL lock_timeout = {CleanupLockTimeoutMs}", CancellationToken.None);
            await shadow.DropAsync(connection, CancellationToken.None);
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (NpgsqlException e)
        {
            logger.LogWarning("{Schema} is left for others to remove: {Reason}", shadow.Name, e.Message);
        }
    }
}
