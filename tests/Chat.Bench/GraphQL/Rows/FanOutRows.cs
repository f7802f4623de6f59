using System.Globalization;
using System.Text.Json;
using Chat.Bench.GraphQL.Sockets;

namespace Chat.Bench.GraphQL.Rows;

/// <summary>One message to many sockets at a calm rate: processor time per delivery.</summary>
internal static class FanOutRows
{
    public const string Query = "subscription { messageSent { id text } }";

    private const string AuthorQuery = "subscription { messageSent { id text author { id name } } }";
    private const double PlainMax = 14;
    private const double AuthorOfPlainMax = 1.2;

    private static readonly ServerKind[] Kinds = [ServerKind.Ours, ServerKind.Mercurius, ServerKind.Floor];

    public static async Task<RowResult> PlainAsync(BenchPlan plan, CancellationToken cancellation)
    {
        var runs = await RunAsync(Kinds.Select(kind => (kind, Query)), plan, cancellation);
        return Row("fan-out", runs).AtMost(PlainMax);
    }

    /// <summary>Ours without the author takes part in the rounds: it is what ours with the author is held to.</summary>
    public static async Task<RowResult> AuthorAsync(BenchPlan plan, CancellationToken cancellation)
    {
        (ServerKind, string) plain = (ServerKind.Ours, Query);
        var runs = await RunAsync(Kinds.Select(kind => (kind, AuthorQuery)).Append(plain), plan, cancellation);
        var without = runs[plain];
        runs.Remove(plain);
        var row = Row("fan-out with author", runs);
        var ratio = Store.Figure.Of(row.Measured[ServerKind.Ours].Zip(
            without.Costs, (with, other) => with / other));
        return (row with { Notes = [.. row.Notes, without.Note("ours without author")] })
            .Require(
                FormattableString.Invariant($"<= {AuthorOfPlainMax:0.##} x without (is {ratio.Median:F2})"),
                ratio.Median <= AuthorOfPlainMax);
    }

    private static RowResult Row(string name, Dictionary<(ServerKind Kind, string Query), Runs> runs)
    {
        var row = new RowResult(
            $"{name}, us per delivery", runs.ToDictionary(pair => pair.Key.Kind, pair => pair.Value.Costs))
        {
            Notes = [.. runs.Select(pair => pair.Value.Note(pair.Key.Kind.Name))],
        };
        var ours = runs.First(pair => pair.Key.Kind == ServerKind.Ours).Value;
        return row.Require("none lost", ours.Lost == 0 && ours.Disordered == 0);
    }

    private static async Task<Dictionary<(ServerKind Kind, string Query), Runs>> RunAsync(
        IEnumerable<(ServerKind Kind, string Query)> works, BenchPlan plan, CancellationToken cancellation)
    {
        var runs = new Dictionary<(ServerKind, string), Runs>();
        for (var round = 0; round < plan.Rounds; round++)
        {
            foreach (var work in works)
            {
                if (!runs.TryGetValue(work, out var run))
                    runs.Add(work, run = new());
                await MeasureAsync(work.Kind, work.Query, run, plan, cancellation);
            }

            EnsureSameDeliveries(runs);
        }

        return runs;
    }

    private static async Task MeasureAsync(
        ServerKind kind, string query, Runs run, BenchPlan plan, CancellationToken cancellation)
    {
        await using var server = await MeasuredServer.StartAsync(kind, plan, cancellation);
        await using var audience = await Audience.GatherAsync(
            server, query, BenchPlan.Sockets, 1, cancellation);
        await PublishAsync(
            server, audience, plan.FanOutWarmUpEvents, BenchPlan.WarmUpEventsPerSecond, cancellation);
        await audience.HasAllAsync(plan.DeliveryMax, cancellation);
        await PublishAsync(server, audience, BenchPlan.EventsPerSecond, BenchPlan.EventsPerSecond, cancellation);

        var before = (Processor: server.ProcessorTime, audience.Deliveries.Count);
        await PublishAsync(server, audience, plan.FanOutEvents, BenchPlan.EventsPerSecond, cancellation);
        var isComplete = await audience.HasAllAsync(plan.DeliveryMax, cancellation);
        var delivered = audience.Deliveries.Count - before.Count;
        run.Costs.Add((server.ProcessorTime - before.Processor).TotalMicroseconds / delivered);
        run.Latencies.Add(audience.Deliveries.Latency);
        run.Lost += audience.Deliveries.Lost;
        if (!isComplete)
            run.Lost += Math.Max(1, (plan.FanOutEvents * BenchPlan.Sockets) - delivered);
        run.Disordered += audience.Deliveries.Disordered;
        run.First ??= audience.Deliveries.First;
    }

    private static async Task PublishAsync(
        MeasuredServer server, Audience audience, int events, int eventsPerSecond, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / eventsPerSecond));
        for (var i = 0; i < events; i++)
        {
            await timer.WaitForNextTickAsync(cancellation);
            audience.Deliveries.Publishing(server.Published + 1);
            await server.PublishAsync(1);
        }
    }

    /// <summary>What is not the same work cannot be compared.</summary>
    private static void EnsureSameDeliveries(Dictionary<(ServerKind Kind, string Query), Runs> runs)
    {
        foreach (var works in runs.GroupBy(pair => pair.Key.Query, pair => pair.Value.First!.Value))
        {
            if (works.Any(one => !JsonElement.DeepEquals(one, works.First())))
                throw new InvalidOperationException($"The servers deliver different things: {string.Join(' ', works)}");
        }
    }

    private sealed class Runs
    {
        public List<double> Costs { get; } = [];

        public List<Store.Percentiles> Latencies { get; } = [];

        public int Lost { get; set; }

        public int Disordered { get; set; }

        public JsonElement? First { get; set; }

        public string Note(string name)
        {
            var half = Store.Figure.Of(Latencies.Select(one => one.P50));
            var tail = Store.Figure.Of(Latencies.Select(one => one.P99));
            var cost = Store.Figure.Of(Costs);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-20} {cost.Median:F1} us, p50 {half.Median:F1} ms, p99 {tail.Median:F1} ms, " +
                $"lost {Lost}, out of order {Disordered}");
        }
    }
}
