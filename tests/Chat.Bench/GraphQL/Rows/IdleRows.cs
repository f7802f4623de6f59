using System.Globalization;
using Chat.Bench.GraphQL.Sockets;

namespace Chat.Bench.GraphQL.Rows;

/// <summary>Subscriptions to which nothing happens: resident memory of the server's process for each.</summary>
internal static class IdleRows
{
    private const double Kilobyte = 1024;

    private static readonly ServerKind[] Kinds = [ServerKind.Ours, ServerKind.Mercurius, ServerKind.Floor];

    /// <summary>Each on a socket of its own.</summary>
    public static Task<RowResult> SocketsAsync(BenchPlan plan, CancellationToken cancellation) =>
        RunAsync(1, Kinds, plan, cancellation);

    /// <summary>Many on each socket; the floor has one only.</summary>
    public static Task<RowResult> SubscriptionsAsync(BenchPlan plan, CancellationToken cancellation) =>
        RunAsync(
            BenchPlan.SubscriptionsOfSocket, [ServerKind.Ours, ServerKind.Mercurius], plan, cancellation);

    private static async Task<RowResult> RunAsync(
        int subscriptions, ServerKind[] kinds, BenchPlan plan, CancellationToken cancellation)
    {
        var sockets = BenchPlan.IdleSubscriptions / subscriptions;
        var resident = kinds.ToDictionary(kind => kind, _ => new List<double>());
        var heap = kinds.ToDictionary(kind => kind, _ => new List<double>());
        foreach (var kind in kinds)
        {
            await using var server = await MeasuredServer.StartAsync(kind, plan, cancellation);
            // What is needed once, for the first socket, is not counted.
            await using var first = await Audience.GatherAsync(server, FanOutRows.Query, 1, 1, cancellation);
            var before = await server.MemoryAsync(cancellation);
            await using var audience = await Audience.GatherAsync(
                server, FanOutRows.Query, sockets, subscriptions, cancellation);
            await audience.HasAllAsync(plan.DeliveryMax, cancellation);
            var after = await server.MemoryAsync(cancellation);
            resident[kind].Add((after.Resident - before.Resident) / Kilobyte / BenchPlan.IdleSubscriptions);
            heap[kind].Add((after.Heap - before.Heap) / Kilobyte / BenchPlan.IdleSubscriptions);
        }

        return new RowResult(
            string.Create(
                CultureInfo.InvariantCulture, $"{sockets:N0} sockets x {subscriptions} idle, KiB each"), resident)
        {
            Notes = [.. kinds.Select(kind => string.Create(
                CultureInfo.InvariantCulture,
                $"{kind.Name,-10} managed heap {heap[kind][0]:F1} KiB each, after a collection; measured once"))],
        };
    }
}
