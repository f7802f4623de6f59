using System.Data;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// Runs a shard from one ownership to its end. The lock, the read model and its progress are all on one connection:
/// when the connection is lost, so is the lock, and nothing of the page in work is kept.
/// </summary>
internal sealed class OwnedShard(
    IProjection projection,
    ShardProgress progress,
    FailureIsolation isolation,
    StoredProgress claimed,
    NpgsqlConnection connection,
    EventStore store,
    ProjectionOptions options,
    Backoff backoff,
    ILogger logger)
{
    private readonly Shard shard = progress.Shard;
    private readonly TimeProvider clock = store.Options.Clock;
    private readonly ProgressTable table = new(store.Options, progress.Shard.Name);
    private readonly DeadLetterTable letters = new(store.Options);
    private readonly long epoch = claimed.Epoch;
    private readonly int version = (projection as ISchemaProjection)?.Version ?? 1;

    private long position = claimed.Position;
    private bool isPauseStored = claimed.Failing is not null;

    /// <summary>Follows the log until cancelled.</summary>
    /// <exception cref="ProgressMovedException">Somebody else moved the progress.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Others learn that the owner is another one now, perhaps further back.
        store.Announcer.Progressed(shard.Name, epoch, position);

        // An enumerator can only be closed when it is not at work.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var pages = store.Tail
            .FollowAsync(position, store.Options.CatchUpPageEvents, ending.Token).GetAsyncEnumerator(ending.Token);
        while (true)
        {
            var next = pages.MoveNextAsync().AsTask();
            try
            {
                await CheckUntilAsync(next, cancellationToken);
            }
            finally
            {
                if (!next.IsCompleted)
                {
                    await ending.CancelAsync();
                    await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }

            await next;
            await ApplyAsync(pages.Current, cancellationToken);
        }
    }

    // An owner without work would not notice that it lost its connection, or that a rebuild moved the progress.
    private async Task CheckUntilAsync(Task ended, CancellationToken cancellationToken)
    {
        while (!await EndsWithinAsync(ended, options.OwnerCheckInterval, cancellationToken))
            await table.CheckAsync(connection, position, epoch, options.OwnerCheckInterval, cancellationToken);
    }

    private async Task<bool> EndsWithinAsync(Task awaited, TimeSpan time, CancellationToken cancellationToken)
    {
        if (awaited.IsCompleted)
            return true;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(awaited, Task.Delay(time, clock, over.Token));
        await over.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return awaited.IsCompleted;
    }

    private async Task ApplyAsync(IReadOnlyList<StoredEvent> page, CancellationToken cancellationToken)
    {
        var through = page[^1].Sequence;
        progress.Begin(page[0]);
        var rest = shard.In(page);
        while (position < through)
        {
            var part = isolation.Next(rest);
            var ceiling = part.Count == rest.Count ? through : part[^1].Sequence;
            var failing = part is [var first, ..] && isolation.Found?.Sequence == first.Sequence
                ? isolation.Found
                : null;
            if (failing is not null && projection.OnFailure == FailurePolicy.Skip)
            {
                await SkipAsync(part[0], failing, ceiling, cancellationToken);
            }
            else if (failing is not null)
            {
                await PauseAsync(failing, cancellationToken);
                continue;
            }
            else if (await TryApplyAsync(part, ceiling, cancellationToken))
            {
                progress.Advance(ceiling);
                Instruments.Projected(shard, part.Count);
            }
            else
            {
                continue;
            }

            position = ceiling;
            rest = part.Count == rest.Count ? [] : [.. rest.Skip(part.Count)];
            isolation.Passed(position);
            backoff.Reset();
            store.Announcer.Progressed(shard.Name, epoch, position);
        }
    }

    /// <summary>False when the events could not be applied.</summary>
    private async Task<bool> TryApplyAsync(
        IReadOnlyList<StoredEvent> part, long ceiling, CancellationToken cancellationToken)
    {
        try
        {
            await CommitAsync(part.Count == 0 ? null : part, ceiling, [], cancellationToken);
            return true;
        }
        catch (Exception e) when (part.Count > 0 && IsTooSlow(e, cancellationToken))
        {
            logger.LogWarning(
                e, "Projection {Shard} takes too long for {Events} events after {Position}", shard.Name, part.Count,
                position);
            isolation.TookTooLong(part);
            progress.Fail(FailingEvent.TextOf(e));
            await backoff.DelayAsync(cancellationToken);
            return false;
        }
        catch (Exception e) when (part.Count > 0 && IsOfTheEvents(e, cancellationToken))
        {
            var error = FailingEvent.TextOf(e, part, store.Options.Types);
            Log(e, part, error);
            isolation.Failed(part, error);
            Instruments.ProjectionFailed(shard);
            progress.Fail(error);
            if (connection.State != ConnectionState.Open)
                throw new StoreUnavailableException($"The connection of {shard.Name} was lost: {error}");
        }

        if (isolation.Failures <= options.RetriesMax)
            await backoff.DelayAsync(cancellationToken);
        return false;
    }

    // A log outlives the key of an erased subject too. Where the error was thrown gives nothing away.
    private void Log(Exception e, IReadOnlyList<StoredEvent> part, string error) => logger.LogError(
        FailingEvent.Confidential(part, store.Options.Types) is null ? e : null,
        "Projection {Shard} cannot apply {Events} events after {Position}: {Error} {Thrown}",
        shard.Name,
        part.Count,
        position,
        error,
        e.GetBaseException().StackTrace);

    // The server ended a statement and still answers: the whole page would take as long again.
    private bool IsTooSlow(Exception e, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested && Outage.IsTimeout(e) && connection.State == ConnectionState.Open;

    // An outage says nothing of the events, however often it happens.
    private static bool IsOfTheEvents(Exception e, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested && !Outage.Is(e) && e is not ProgressMovedException;

    private async Task SkipAsync(
        StoredEvent one, FailingEvent failing, long ceiling, CancellationToken cancellationToken)
    {
        await CommitAsync(null, ceiling, [letters.Record(shard, one, failing.Error)], cancellationToken);
        logger.LogWarning("Projection {Shard} skipped event {Event} at {Sequence}", shard.Name, one.Id, one.Sequence);
        Instruments.DeadLetter(shard);
        progress.Skipped(ceiling);
    }

    private async Task PauseAsync(FailingEvent failing, CancellationToken cancellationToken)
    {
        var resumed = progress.Resumed.Next;
        var pausing = table.Pause(failing, epoch);
        await using (var batch = new NpgsqlBatch(connection) { BatchCommands = { DoNotWaitForDisk(), pausing } })
            await batch.ExecuteNonQueryAsync(cancellationToken);
        if (pausing.RecordsAffected == 0)
            throw new ProgressMovedException(shard.Name, position);
        isPauseStored = true;
        progress.Pause(failing);
        var pause = Task.WhenAny(resumed, Task.Delay(options.PauseInterval, clock, cancellationToken));
        await CheckUntilAsync(pause, cancellationToken);
        isolation.TryAgain();
    }

    private async Task CommitAsync(
        IReadOnlyList<StoredEvent>? events,
        long ceiling,
        IEnumerable<NpgsqlBatchCommand> alongside,
        CancellationToken cancellationToken)
    {
        // It may have broken while it was idle, which is not the events' fault.
        if (connection.State != ConnectionState.Open)
            throw new StoreUnavailableException($"The connection of {shard.Name} was lost.");
        using var activity = Instruments.Activities.StartActivity("project");
        activity?.SetTag("projection", shard.Name).SetTag("events", events?.Count ?? 0);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var work = new ProjectionTransaction(
            connection, transaction, (projection as ISchemaProjection)?.Schema);
        List<NpgsqlBatchCommand> own =
            [DoNotWaitForDisk(), .. alongside, table.Advance(position, ceiling, epoch, version)];
        if (isPauseStored)
            own.Insert(1, table.Pause(null, epoch));
        try
        {
            work.Enqueue(own[0]);
            if (events is not null)
                await projection.ApplyAsync(events, work, cancellationToken);
            own.Skip(1).ToList().ForEach(work.Enqueue);
            await work.FlushAsync(cancellationToken);
        }
        catch (PostgresException e) when (ProgressTable.HasMoved(e))
        {
            throw new ProgressMovedException(shard.Name, position, e);
        }
        catch (PostgresException e) when (own.Exists(one => ReferenceEquals(one, e.BatchCommand)))
        {
            throw new StoreUnavailableException($"The progress of {shard.Name} cannot be written.", e);
        }
        catch (Exception e)
        {
            await RollBackAsync(transaction, e);
            throw;
        }

        await transaction.CommitAsync(CancellationToken.None);
        isPauseStored = false;
    }

    // The connection of a projection that left something open on it cannot be used again; the error is still its own.
    private async Task RollBackAsync(NpgsqlTransaction transaction, Exception reason)
    {
        try
        {
            await transaction.RollbackAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            NpgsqlSocket.Drop(connection, reason);
        }
    }

    // A read model and its progress are derived from the log and lost together or not at all, so their commits need not
    // wait for the disk or for the standbys: after a crash the last pages are applied again. For the transaction only:
    // the connection's next user may be somebody whose commits must last.
    private static NpgsqlBatchCommand DoNotWaitForDisk() =>
        new("SELECT set_config('synchronous_commit', 'off', true)");
}
