using System.Diagnostics;
using Chat.Bench.Store.Append;
using Chat.EventStore;

namespace Chat.Bench.Store.Rows;

/// <summary>
/// From when an event is due to when another process sees it. Events leave at their times, whether those before are
/// answered or not, and the time counts from then: a store that stalls does not hide it.
/// </summary>
internal static class TailRow
{
    private const int EventsPerSecond = 1000;
    private const int HotStreams = 2;
    private const double P50MsMax = 5;
    private const double P99MsMax = 20;

    /// <summary>The follower is a new process and compiles its code at first.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    public static async Task<RowResult> RunAsync(BenchSettings settings, CancellationToken cancellation)
    {
        await using var database = await BenchDatabase.CreateAsync(settings.Server, "tail", cancellation);
        var runs = new List<TailRun>();
        for (var round = 0; round < settings.Rounds; round++)
            runs.Add(await MeasureAsync(database, settings, cancellation));
        var p50 = Figure.Of(runs.Select(run => run.Seen.P50));
        var p99 = Figure.Of(runs.Select(run => run.Seen.P99));
        var max = Figure.Of(runs.Select(run => run.Seen.Max));
        return new($"append to seen elsewhere, {EventsPerSecond} events/s on {HotStreams} streams", "ms p99", p99)
        {
            Requirements =
            [
                Requirement.AtMost(P50MsMax, "p50 ms", p50.Median),
                Requirement.AtMost(P99MsMax, "p99 ms", p99.Median),
            ],
            Notes =
            [
                $"seen elsewhere: p50 {p50} ms, p99 {p99} ms, greatest {max} ms",
                $"answered here: p50 {Figure.Of(runs.Select(run => run.Answered.P50))} ms, p99 {
                    Figure.Of(runs.Select(run => run.Answered.P99))} ms",
            ],
        };
    }

    private static async Task<TailRun> MeasureAsync(
        BenchDatabase database, BenchSettings settings, CancellationToken cancellation)
    {
        await database.ResetAsync(FilledLog.OfWorkload(settings.Appends.Ids), cancellation);
        await using var store = database.OpenStore();
        var ids = new EventIds(settings.Appends.Ids, settings.Appends.Seed);
        await store.AppendAsync(Append(0, ids, dueAt: 0), cancellation);

        var count = (int)((WarmUp + settings.TailTime).TotalSeconds * EventsPerSecond);
        await using var follower = await Children.FollowingAsync(database, count, cancellation);
        var stretch = Stretch.After(WarmUp, settings.TailTime);
        await follower.BeginAsync(stretch);
        var start = stretch.From - Stretch.Ticks(WarmUp);
        var appends = new Task<long>[count];
        for (var i = 0; i < count; i++)
        {
            var due = start + (long)i * Stopwatch.Frequency / EventsPerSecond;
            await Stretch.ReachedAsync(due, cancellation);
            appends[i] = AnsweredAsync(store, Append(i % HotStreams, ids, due), due, cancellation);
        }

        var answered = await Task.WhenAll(appends);
        return new(
            await follower.AnswerAsync<Percentiles>(cancellation),
            Percentiles.Of(answered.Skip((int)(WarmUp.TotalSeconds * EventsPerSecond))));
    }

    /// <summary>Ticks from when the append was due to its answer.</summary>
    private static async Task<long> AnsweredAsync(
        EventLog store, EventStore.Append append, long due, CancellationToken cancellation)
    {
        await store.AppendAsync(append, cancellation);
        return Stopwatch.GetTimestamp() - due;
    }

    private static EventStore.Append Append(int stream, EventIds ids, long dueAt)
    {
        var id = ids.Next();
        return new()
        {
            StreamId = Workload.StreamId(stream),
            Events = [new NewEvent(id, MessagePosted.Of(id, Workload.StreamId(stream), dueAt))],
        };
    }

    /// <summary>From the due time: to its being seen by the other process, and to the answer in this one.</summary>
    private sealed record TailRun(Percentiles Seen, Percentiles Answered);
}
