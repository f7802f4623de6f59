using Microsoft.Extensions.Logging;
using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// Runs one shard of a projection whenever this process gets its lock, and otherwise keeps an eye on its progress.
/// </summary>
internal sealed class ProjectionShard(
    IProjection projection,
    ShardProgress progress,
    ProgressReader reader,
    EventStore store,
    NpgsqlDataSource dataSource,
    ProjectionOptions options,
    ILogger logger)
{
    private readonly TimeProvider clock = store.Options.Clock;
    private readonly ShardLayout layout = new(store.Options, options, progress.Shard);
    private readonly ModelVersions versions = new(store.Options);
    private readonly FailureIsolation isolation = new(options.RetriesMax);
    private readonly int lockKey = MartenShardLock.KeyOf(store.Options.Schema, progress.Shard.Name);

    /// <summary>Runs until cancelled.</summary>
    /// <exception cref="ModelVersionException">The tables are of another version now.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var backoff = new Backoff(options.RetryDelayMin, options.RetryDelayMax, clock);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await OwnOrStandByAsync(backoff, cancellationToken);
            }
            catch (Exception e) when (e is not ModelVersionException)
            {
                if (cancellationToken.IsCancellationRequested)
                    return;
                await RecoverAsync(e, backoff, cancellationToken);
            }
        }
    }

    private async Task OwnOrStandByAsync(Backoff backoff, CancellationToken cancellationToken)
    {
        await using (var connection = await dataSource.OpenConnectionAsync(cancellationToken))
        {
            if (projection is ISchemaProjection model)
                await versions.RequireAsync(connection, model, cancellationToken);
            await using var held = await ShardLock.TryTakeAsync(connection, lockKey, cancellationToken);
            if (held is not null && await layout.ClaimAsync(connection, cancellationToken) is { } claimed)
                await RunOwnedAsync(connection, claimed, backoff, cancellationToken);
            progress.Stand();
            await reader.ReadOnceInAsync(options.OwnershipInterval, connection, cancellationToken);
        }

        backoff.Reset();
        await Task.Delay(options.OwnershipInterval, clock, cancellationToken);
    }

    private async Task RunOwnedAsync(
        NpgsqlConnection connection, StoredProgress claimed, Backoff backoff, CancellationToken cancellationToken)
    {
        if (projection is ISchemaProjection { Schema: var schema })
            await RebuildLeftovers.DropUnlessRunningAsync(connection, schema, cancellationToken);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var lost = progress.Own(claimed);
        isolation.Start(claimed.Position);
        try
        {
            var running = new OwnedShard(
                projection, progress, isolation, claimed, connection, store, options, backoff, logger)
                .RunAsync(ending.Token);
            if (await Task.WhenAny(running, lost) == lost)
                await ending.CancelAsync();
            await running;
        }
        catch (OperationCanceledException e) when (lost.IsCompleted && !cancellationToken.IsCancellationRequested)
        {
            throw new ProgressMovedException(progress.Shard.Name, claimed.Position, e);
        }
        finally
        {
            progress.Disown();
        }
    }

    private async Task RecoverAsync(Exception e, Backoff backoff, CancellationToken cancellationToken)
    {
        var name = progress.Shard.Name;
        if (e is ShardingChangedException)
        {
            logger.LogError(e, "Projection {Shard} cannot go on", name);
            progress.Refuse(e.Message);
            await progress.WaitForResumeAsync(options.PauseInterval, clock, cancellationToken);
            return;
        }

        if (e is ProgressMovedException)
            isolation.Reset();
        logger.LogError(e, "Projection {Shard} was interrupted at {Position}", name, progress.Position);
        progress.Fail(FailingEvent.TextOf(e));
        await backoff.DelayAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
