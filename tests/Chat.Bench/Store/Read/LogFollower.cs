using System.Diagnostics;

namespace Chat.Bench.Store.Read;

/// <summary>In a process of its own: notes how long after they were due events are seen.</summary>
internal static class LogFollower
{
    /// <summary>Follows from the end of the log on, until that many events have come.</summary>
    /// <returns>Of the events that were due within the stretch that counts.</returns>
    public static async Task<Percentiles> RunAsync(BenchDatabase database, int events, CancellationToken cancellation)
    {
        await using var store = database.OpenStore();
        var end = await database.ScalarAsync<long>("SELECT coalesce(max(seq_id), 0) FROM mt_events", cancellation);
        await using var pages = store.Tail.FollowAsync(end, cancellation).GetAsyncEnumerator(cancellation);

        // The listener is at work once the first page is asked for; what it misses before that the slow poll finds.
        var page = pages.MoveNextAsync();
        var stretch = await Child.ReadyAsync();
        var took = new List<long>(events);
        for (var seen = 0; seen < events; page = pages.MoveNextAsync())
        {
            await page;
            var arrived = Stopwatch.GetTimestamp();
            foreach (var one in pages.Current)
            {
                seen++;
                var due = ((MessagePosted)one.Data).DueAt;
                if (stretch.Contains(due))
                    took.Add(arrived - due);
            }
        }

        return Percentiles.Of(took);
    }
}
