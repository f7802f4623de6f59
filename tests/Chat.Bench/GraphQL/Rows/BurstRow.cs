using System.Diagnostics;
using System.Globalization;
using Chat.Bench.GraphQL.Sockets;

namespace Chat.Bench.GraphQL.Rows;

/// <summary>Many messages at once to many sockets: all of them arrive, in order.</summary>
internal static class BurstRow
{
    private const int Expected = BenchPlan.BurstEvents * BenchPlan.Sockets;

    private static readonly ServerKind[] Kinds = [ServerKind.Ours, ServerKind.Mercurius, ServerKind.Floor];

    public static async Task<RowResult> RunAsync(BenchPlan plan, CancellationToken cancellation)
    {
        var seconds = Kinds.ToDictionary(kind => kind, _ => new List<double>());
        var least = Kinds.ToDictionary(kind => kind, _ => Expected);
        var disordered = Kinds.ToDictionary(kind => kind, _ => 0);
        for (var round = 0; round < plan.Rounds; round++)
        {
            foreach (var kind in Kinds)
            {
                await using var server = await MeasuredServer.StartAsync(kind, plan, cancellation);
                await using var audience = await Audience.GatherAsync(
                    server, FanOutRows.Query, BenchPlan.Sockets, 1, cancellation);
                await audience.HasAllAsync(plan.DeliveryMax, cancellation);
                var before = audience.Deliveries.Count;
                var clock = Stopwatch.StartNew();
                await server.PublishAsync(BenchPlan.BurstEvents);
                await audience.HasAllAsync(plan.DeliveryMax, cancellation);
                seconds[kind].Add(clock.Elapsed.TotalSeconds);
                least[kind] = Math.Min(least[kind], audience.Deliveries.Count - before);
                disordered[kind] += audience.Deliveries.Disordered;
            }
        }

        return new RowResult(string.Create(
            CultureInfo.InvariantCulture, $"burst of {BenchPlan.BurstEvents} to {BenchPlan.Sockets:N0}, s"), seconds)
        {
            Notes = [.. Kinds.Select(kind => string.Create(
                CultureInfo.InvariantCulture,
                $"{kind.Name,-10} delivered {least[kind]:N0} at least, out of order {disordered[kind]}"))],
        }.Require(
            string.Create(CultureInfo.InvariantCulture, $"{Expected:N0} delivered"),
            least[ServerKind.Ours] == Expected && disordered[ServerKind.Ours] == 0);
    }
}
