namespace Chat.Bench.Store;

/// <summary>Figures of a log that is not whole are worth nothing.</summary>
internal static class LogCheck
{
    private const string Broken =
        """
        SELECT (SELECT count(*) FROM (
                    SELECT version, row_number() OVER (PARTITION BY stream_id ORDER BY seq_id) AS place
                    FROM mt_events) ordered
                WHERE version <> place)
             + (SELECT count(*) FROM mt_streams s
                WHERE s.version IS DISTINCT FROM (
                    SELECT max(e.version) FROM mt_events e WHERE e.stream_id = s.id))
        """;

    /// <summary>Versions 1 to n without gaps in sequence order, and the row of each stream at its last.</summary>
    public static async Task ShouldBeSoundAsync(BenchDatabase database, CancellationToken cancellation)
    {
        var broken = await database.ScalarAsync<long>(Broken, cancellation);
        if (broken > 0)
            throw new InvalidOperationException($"{broken} versions of the log are out of order.");
    }
}
