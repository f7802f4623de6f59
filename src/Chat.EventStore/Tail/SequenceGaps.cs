using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Chat.EventStore;

/// <summary>
/// Decides whether missing sequence numbers are still to come. Who draws a number holds a lock on the sequence until
/// its transaction ends. So once every transaction that held one after a gap was seen has ended, what is still missing
/// stays missing.
/// </summary>
internal sealed class SequenceGaps(NpgsqlDataSource dataSource, MartenTables tables, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan PollMin = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan PollMax = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly string holders =
        $"""
        SELECT DISTINCT virtualtransaction FROM pg_locks
        WHERE locktype = 'relation' AND relation = '{tables.Sequence}'::regclass
          AND mode = 'RowExclusiveLock' AND granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    /// <summary>
    /// Waits until every transaction that holds a sequence number now has ended, however long that takes.
    /// </summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var waitedFor = await HoldersAsync(connection, holders, null, cancellationToken);
        var poll = new Backoff(PollMin, PollMax, clock);
        var started = clock.GetTimestamp();
        var complained = false;
        while (waitedFor.Length > 0)
        {
            await poll.DelayAsync(cancellationToken);
            if (!complained && clock.GetElapsedTime(started) > Patience)
            {
                complained = true;
                logger.LogWarning(
                    "The tail waits for transactions that hold sequence numbers: {Transactions}",
                    string.Join(", ", waitedFor));
            }

            waitedFor = await HoldersAsync(
                connection, $"{holders} AND virtualtransaction = ANY ($1)", waitedFor, cancellationToken);
        }
    }

    private static async Task<string[]> HoldersAsync(
        NpgsqlConnection connection, string sql, string[]? among, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        if (among is not null)
            command.Parameters.Add(new() { Value = among, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            found.Add(reader.GetString(0));
        return [.. found];
    }
}
