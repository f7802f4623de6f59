using Microsoft.Extensions.Logging;
using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// Runs one projection while this process owns it. The lock, the read model and its progress are all on one connection:
/// when the connection is lost, so is the lock, and nothing of the page in work is kept.
/// </summary>
internal sealed class ProjectionShard(
    IProjection projection,
    ProjectionProgress progress,
    EventStore store,
    NpgsqlDataSource dataSource,
    ProjectionOptions options,
    ILogger logger)
{
    private readonly TimeProvider clock = store.Options.Clock;
    private readonly ProgressTable table = new(store.Options, progress.Identity);
    private readonly int lockKey = MartenShardLock.KeyOf(store.Options.Schema, progress.Identity);

    // Whether a page is in work: tells a projection that cannot apply it from a database that cannot be reached.
    private bool isApplying;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var backoff = new Backoff(options.RetryDelayMin, options.RetryDelayMax, clock);
        while (true)
        {
            isApplying = false;
            try
            {
                await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
                if (await TryOwnAsync(connection, cancellationToken))
                    await RunOwnedAsync(connection, backoff, cancellationToken);
                progress.Read(await table.ReadAsync(connection, cancellationToken));
                await Task.Delay(options.OwnershipInterval, clock, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                logger.LogError(e, "Projection {Projection} failed after {Position}", progress.Name, progress.Position);
                progress.Fail(e, isApplying);
                if (cancellationToken.IsCancellationRequested)
                    return;
                await backoff.DelayAsync(cancellationToken);
            }
        }
    }

    private async Task RunOwnedAsync(NpgsqlConnection connection, Backoff backoff, CancellationToken cancellationToken)
    {
        try
        {
            var position = await table.EnsureAsync(connection, cancellationToken);
            progress.Own(position, store.Options.NodeName);
            await foreach (var page in store.Tail.FollowAsync(position, cancellationToken))
            {
                isApplying = true;
                await ApplyAsync(page, position, connection, cancellationToken);
                isApplying = false;
                position = page[^1].Sequence;
                progress.Advance(position);
                store.Announcer.Progressed(progress.Name, position);
                backoff.Reset();
            }
        }
        finally
        {
            progress.Disown();
            await ReleaseAsync(connection);
        }
    }

    private async Task ApplyAsync(
        IReadOnlyList<StoredEvent> page, long floor, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var activity = Instruments.Activities.StartActivity("project");
        activity?.SetTag("projection", progress.Name).SetTag("events", page.Count);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var work = new ProjectionTransaction(
            connection, transaction, (projection as ISchemaProjection)?.Schema);
        work.Enqueue(DoNotWaitForDisk());
        await projection.ApplyAsync(page, work, cancellationToken);
        work.Enqueue(table.Advance(floor, page[^1].Sequence));
        try
        {
            await work.FlushAsync(cancellationToken);
        }
        catch (PostgresException e) when (ProgressTable.HasMoved(e))
        {
            throw new ProgressMovedException(progress.Identity, floor, e);
        }

        await transaction.CommitAsync(CancellationToken.None);
    }

    // A read model and its progress are derived from the log and lost together or not at all, so their commits need not
    // wait for the disk or for the standbys: after a crash the last pages are applied again. For the transaction only:
    // the connection's next user may be somebody whose commits must last.
    private static NpgsqlBatchCommand DoNotWaitForDisk() =>
        new("SELECT set_config('synchronous_commit', 'off', true)");

    private async Task<bool> TryOwnAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // An owner whose machine is gone does not close its socket: these make the server find out and free the lock
        // within 5 s.
        await using var command = new NpgsqlCommand(
            $"""
            SET tcp_keepalives_idle = 2; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 2;
            SELECT pg_try_advisory_lock({lockKey})
            """,
            connection);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private async Task ReleaseAsync(NpgsqlConnection connection)
    {
        if (connection.State != System.Data.ConnectionState.Open)
            return;
        try
        {
            await using var command = new NpgsqlCommand($"SELECT pg_advisory_unlock({lockKey})", connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (NpgsqlException e)
        {
            // The lock goes with the connection.
            logger.LogInformation(
                "The connection of projection {Projection} was lost: {Reason}", progress.Name, e.Message);
            NpgsqlSocket.Drop(connection, e);
        }
    }
}
