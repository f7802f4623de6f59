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
        var following = FollowAsync(store, end, events, cancellation);
        var stretch = await Child.ReadyAsync();
        var seen = await following;
        return Percentiles.Of(seen.Where(one => stretch.Contains(one.Due)).Select(one => one.Arrived - one.Due));
    }

    private static async Task<List<(long Due, long Arrived)>> FollowAsync(
        EventLog store, long end, int events, CancellationToken cancellation)
    {
        var seen = new List<(long Due, long Arrived)>(events);
        await foreach (var page in store.Tail.FollowAsync(end, cancellation))
        {
            var arrived = Stopwatch.GetTimestamp();
            seen.AddRange(page.Select(one => (((MessagePosted)one.Data).DueAt, arrived)));
            if (seen.Count >= events)
                break;
        }

        return seen;
    }
}
