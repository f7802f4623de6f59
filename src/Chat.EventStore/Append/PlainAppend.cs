using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// An append that brings commands of its own: it has a transaction to itself, under the same lock and through the same
/// function as the batches.
/// </summary>
internal sealed class PlainAppend(
    NpgsqlDataSource dataSource, EventStoreOptions options, AppendFinder finder, Commits commits)
{
    private readonly WriteFailure failures = new(options);

    public async Task<AppendResult> AppendAsync(
        EncodedAppend append, IReadOnlyList<NpgsqlBatchCommand> alongside, CancellationToken cancellationToken) =>
        await DecidedAsync(append, alongside, cancellationToken) ?? throw AppendFinder.Missing(append.FirstEventId);

    private async Task<AppendResult?> DecidedAsync(
        EncodedAppend append, IReadOnlyList<NpgsqlBatchCommand> alongside, CancellationToken cancellationToken)
    {
        var started = options.Clock.GetTimestamp();
        var backoff = new Backoff(options.ReconnectDelayMin, options.ReconnectDelayMax, options.Clock);
        for (var races = 0; ;)
        {
            try
            {
                await using var durable = await DurableConnection.OpenAsync(
                    dataSource, options.Clock, Remaining(started), cancellationToken);
                return await durable.CommitAsync(
                    connection => WriteAsync(connection, append, alongside), Remaining(started));
            }
            catch (Exception e) when (Outage.Is(e))
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

    private TimeSpan Remaining(long started)
    {
        var remaining = options.AppendDeadline - options.Clock.GetElapsedTime(started);
        return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
    }

    /// <summary>The result; null when it was written before and cannot be found.</summary>
    private async Task<AppendResult?> WriteAsync(
        NpgsqlConnection connection, EncodedAppend append, IReadOnlyList<NpgsqlBatchCommand> alongside)
    {
        // Left by an exception, the transaction is rolled back when the connection returns to its pool.
        await ExecuteAsync(connection, "BEGIN");
        await using var statement = new AppendStatement(connection, options.ExtensionSchema);
        var outcome = await statement.ExecuteAsync([append], StoreClock.Now(options.Clock));
        var decision = outcome.Decisions().Single();
        if (decision.Failure is { } failure)
            throw failure;
        if (decision.Verdict == AppendVerdict.Repeated)
        {
            await ExecuteAsync(connection, "COMMIT");
            var found = await finder.FindAsync(connection, [append.FirstEventId], confirm: false);
            commits.Found([.. found.Values]);
            return found.GetValueOrDefault(append.FirstEventId);
        }

        await RunAsync(connection, alongside);
        await ExecuteAsync(connection, "COMMIT");
        commits.Publish(outcome);
        return decision.Result!;
    }

    private static async Task RunAsync(NpgsqlConnection connection, IReadOnlyList<NpgsqlBatchCommand> alongside)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = 0 };
        foreach (var command in alongside)
            batch.BatchCommands.Add(command);
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
