using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// Appends that belong together, or bring commands of their own: they have a transaction to themselves, under the same
/// lock and through the same function as the batches.
/// </summary>
internal sealed class PlainAppend(
    NpgsqlDataSource dataSource, EventStoreOptions options, AppendFinder finder, Commits commits)
    : IDisposable
{
    // They wait for each other at the lock in any case. Here they wait without holding connections, and take turns with
    // the writer of the batches instead of queueing in front of it.
    private readonly SemaphoreSlim oneAtATime = new(1, 1);
    private readonly WriteFailure failures = new(options);

    public void Dispose() => oneAtATime.Dispose();

    /// <summary>Writes all of the appends, each to a stream of its own, or none.</summary>
    public async Task<IReadOnlyList<AppendResult>> AppendAsync(
        IReadOnlyList<EncodedAppend> appends, CancellationToken cancellationToken)
    {
        var started = options.Clock.GetTimestamp();
        await EnterAsync(cancellationToken);
        IReadOnlyList<AppendResult?> results;
        try
        {
            results = await DecidedAsync(appends, started, cancellationToken);
        }
        finally
        {
            oneAtATime.Release();
        }

        return [.. appends.Zip(results, (append, result) => result ?? throw AppendFinder.Missing(append.FirstEventId))];
    }

    /// <summary>The results; null for what was written before and cannot be found.</summary>
    private async Task<IReadOnlyList<AppendResult?>> DecidedAsync(
        IReadOnlyList<EncodedAppend> appends, long started, CancellationToken cancellationToken)
    {
        var backoff = new Backoff(options.ReconnectDelayMin, options.ReconnectDelayMax, options.Clock);
        for (var races = 0; ;)
        {
            try
            {
                await using var durable = await DurableConnection.OpenAsync(
                    dataSource, options.Clock, Remaining(started), cancellationToken);
                return await durable.CommitAsync(
                    connection => WriteAsync(connection, appends), Remaining(started));
            }
            catch (Exception e) when (Outage.Is(e) || e is StreamBusyException || WriteFailure.IsForeignLock(e))
            {
                // The first attempt may have been written: from here on a cancel would hide that.
                cancellationToken = CancellationToken.None;
                await backoff.DelayAsync(cancellationToken);
                if (Remaining(started) == TimeSpan.Zero)
                    throw new StoreUnavailableException(
                        $"The append was not confirmed within {options.AppendDeadline}.", e);
            }
            catch (PostgresException e) when (failures.IsForeignRace(e) && races < WriteFailure.ForeignRacesMax)
            {
                races++;
            }
            catch (PostgresException e)
            {
                throw failures.Of(e);
            }
        }
    }

    private async Task EnterAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.AppendDeadline, options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await oneAtATime.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AppendOverloadedException(
                $"Appends with rows alongside or to several streams were waiting for {options.AppendDeadline}.");
        }
    }

    private TimeSpan Remaining(long started)
    {
        var remaining = options.AppendDeadline - options.Clock.GetElapsedTime(started);
        return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
    }

    private async Task<IReadOnlyList<AppendResult?>> WriteAsync(
        NpgsqlConnection connection, IReadOnlyList<EncodedAppend> appends)
    {
        // Left by an exception, the transaction is rolled back when the connection returns to its pool.
        await ExecuteAsync(connection, "BEGIN");
        await using var statement = new AppendStatement(connection, options.ExtensionSchema);
        var outcome = await statement.ExecuteAsync(appends, StoreClock.Now(options.Clock), isCareful: true);
        var decisions = outcome.Decisions;
        if (decisions.All(decision => decision.Verdict == AppendVerdict.Repeated))
        {
            await ExecuteAsync(connection, "COMMIT");
            return await FoundAsync(connection, appends);
        }

        foreach (var (append, decision) in appends.Zip(decisions))
            ThrowUnlessAppended(append, decision);
        await RunAsync(connection, appends.SelectMany(append => append.Source.Alongside ?? []));
        await ExecuteAsync(connection, "COMMIT");
        commits.Publish(outcome);
        return [.. decisions.Select(decision => decision.Result)];
    }

    private static void ThrowUnlessAppended(EncodedAppend append, AppendDecision decision)
    {
        if (decision.Failure is { } failure)
            throw failure;
        if (decision.Verdict == AppendVerdict.Busy)
            throw new StreamBusyException(append.StreamId);
        if (decision.Verdict == AppendVerdict.Repeated)
            throw new InvalidEventException($"Event {append.FirstEventId} belongs to another append.");
    }

    private async Task<IReadOnlyList<AppendResult?>> FoundAsync(
        NpgsqlConnection connection, IReadOnlyList<EncodedAppend> appends)
    {
        var ids = appends.Select(append => append.FirstEventId).ToArray();
        var found = await finder.FindAsync(connection, ids, confirm: false);
        commits.Found([.. found.Values]);
        return [.. ids.Select(found.GetValueOrDefault)];
    }

    private static async Task RunAsync(NpgsqlConnection connection, IEnumerable<NpgsqlBatchCommand> alongside)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = 0 };
        foreach (var command in alongside)
            batch.BatchCommands.Add(command);
        if (batch.BatchCommands.Count == 0)
            return;
        try
        {
            await batch.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw new AlongsideConflictException(e.ConstraintName ?? "a unique index", e);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}

/// <summary>Somebody else has locked the stream's row.</summary>
internal sealed class StreamBusyException(Guid streamId) : Exception($"Stream {streamId} is locked by somebody else.");
