using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// An append that brings commands of its own: it has a transaction to itself, under the same lock and through the same
/// function as the batches.
/// </summary>
internal sealed class PlainAppend(
    NpgsqlDataSource dataSource, EventStoreOptions options, AppendFinder finder, Commits commits)
{
    public async Task<AppendResult> AppendAsync(
        EncodedAppend append, IReadOnlyList<NpgsqlBatchCommand> alongside, CancellationToken cancellationToken)
    {
        var started = options.Clock.GetTimestamp();
        var backoff = new Backoff(options.ReconnectDelayMin, options.ReconnectDelayMax, options.Clock);
        while (true)
        {
            try
            {
                await using var durable = await DurableConnection.OpenAsync(
                    dataSource, options.Clock, cancellationToken);
                return await durable.CommitAsync(
                    connection => WriteAsync(connection, append, alongside), options.AppendDeadline);
            }
            catch (Exception e) when (Outage.Is(e))
            {
                // The first attempt may have been written: from here on a cancel would hide that.
                cancellationToken = CancellationToken.None;
                if (options.Clock.GetElapsedTime(started) >= options.AppendDeadline)
                    throw new StoreUnavailableException(
                        $"The append was not confirmed within {options.AppendDeadline}.", e);
            }

            await backoff.DelayAsync(cancellationToken);
        }
    }

    private async Task<AppendResult> WriteAsync(
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
            return found[append.FirstEventId];
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
