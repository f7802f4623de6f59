using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// Waits for transactions that see the database as it was before. A name leads to a table as it is now, but rows are
/// seen as of the snapshot: who took theirs before the new tables were full would find them half empty.
/// </summary>
internal sealed class OldSnapshots(TimeProvider clock)
{
    private static readonly TimeSpan PollMin = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan PollMax = TimeSpan.FromMilliseconds(100);

    // The oldest transaction that a snapshot sees as running stays the same as long as the snapshot is held.
    private const string Holders =
        """
        SELECT concat_ws(' ', pid, 'since', xact_start, 'from', backend_xmin) FROM pg_stat_activity
        WHERE datname = current_database() AND backend_xmin IS NOT NULL AND pid <> pg_backend_pid()
          AND backend_type IN ('client backend', 'parallel worker')
        """;

    /// <summary>Waits until all snapshots of now were given back.</summary>
    /// <returns>Those that were not within the time.</returns>
    public async Task<IReadOnlyList<string>> OutwaitAsync(
        NpgsqlConnection connection, TimeSpan patience, CancellationToken cancellationToken)
    {
        var waitedFor = await HoldersAsync(connection, cancellationToken);
        var poll = new Backoff(PollMin, PollMax, clock);
        var started = clock.GetTimestamp();
        while (waitedFor.Count > 0 && clock.GetElapsedTime(started) < patience)
        {
            await poll.DelayAsync(cancellationToken);
            var now = await HoldersAsync(connection, cancellationToken);
            waitedFor.RemoveAll(one => !now.Contains(one));
        }

        return waitedFor;
    }

    private static async Task<List<string>> HoldersAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // A transaction sees the view as it was at its first look.
        await connection.RunAsync("SELECT pg_stat_clear_snapshot()", cancellationToken);
        return await connection.TextsAsync(Holders, cancellationToken);
    }
}
