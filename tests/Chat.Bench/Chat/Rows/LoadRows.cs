using Chat.Bench.Chat.Clients;
using Chat.Bench.Chat.Servers;
using Chat.Bench.Store;

namespace Chat.Bench.Chat.Rows;

/// <summary>Rooms in which everyone posts and everyone receives.</summary>
internal static class LoadRows
{
    private const double LatencyMsMax = 10;
    private const double SaturationOfPeerMin = 2;
    private const double CostOfPeerMax = 0.6;
    private const double DeliveredMin = 0.99 * ChatPlan.DeliveriesPerSecond;

    /// <summary>A fixed rate.</summary>
    public static async Task<IReadOnlyList<RowResult>> SteadyAsync(BenchRun bench, CancellationToken cancellation)
    {
        var runs = await RunAsync(
            bench, (crowd, stretch) => crowd.PostSteadily(ChatPlan.MessagesPerSecond, stretch), cancellation);
        var offered = FormattableString.Invariant($"steady, {ChatPlan.DeliveriesPerSecond:N0}/s offered");
        var rate = bench.Row($"{offered}: deliveries", "/s", runs, run => run.DeliveriesPerSecond);
        var latency = bench.Row("steady: p99 from send to receipt", "ms", runs, run => run.Arrivals.Latency.P99);
        var cost = bench.Row("steady: server and PostgreSQL", "us a delivery", runs, run => run.MicrosecondsOfDelivery);
        return
        [
            rate with
            {
                Requirements = [Requirement.AtLeast(DeliveredMin, "/s", rate.Measured), Complete(runs)],
                Notes = [.. runs.Select(one => LoadRun.Note(one.Key.Name, one.Value))],
            },
            latency with { Requirements = [Requirement.AtMost(LatencyMsMax, "ms", latency.Measured.Median)] },
            cost with { Requirements = bench.OfPeer(cost, ratio => ratio <= CostOfPeerMax, "<=", CostOfPeerMax) },
        ];
    }

    /// <summary>As fast as everyone's own messages come back.</summary>
    public static async Task<IReadOnlyList<RowResult>> SaturationAsync(BenchRun bench, CancellationToken cancellation)
    {
        var runs = await RunAsync(bench, (crowd, stretch) => crowd.PostWhenAnswered(stretch), cancellation);
        var rate = bench.Row("saturation: deliveries", "/s", runs, run => run.DeliveriesPerSecond);
        return
        [
            rate with
            {
                Requirements =
                [
                    .. bench.OfPeer(rate, ratio => ratio >= SaturationOfPeerMin, ">=", SaturationOfPeerMin),
                    Complete(runs),
                ],
                Notes = [.. runs.Select(one => LoadRun.Note(one.Key.Name, one.Value))],
            },
            bench.Row("saturation: server and PostgreSQL", "us a delivery", runs, run => run.MicrosecondsOfDelivery),
        ];
    }

    private static Requirement Complete(IReadOnlyDictionary<ChatServer, List<LoadRun>> runs) =>
        new("none lost, in order", runs.First().Value.TrueForAll(run => run.Arrivals.IsComplete));

    private static async Task<IReadOnlyDictionary<ChatServer, List<LoadRun>>> RunAsync(
        BenchRun bench, Action<Crowd, Stretch> post, CancellationToken cancellation)
    {
        var crowds = new Dictionary<ChatServer, Crowd>();
        var runs = bench.Servers.ToDictionary(server => server, _ => new List<LoadRun>());
        try
        {
            foreach (var server in bench.Servers)
            {
                var crowd = await server.GatherAsync(ChatPlan.People, ChatPlan.PeopleOfRoom, cancellation);
                crowds.Add(server, crowd);
                // Nobody is to catch up with what a cold server has left behind.
                await LoadRun.RunAsync(
                    server, crowd, crowd.PostWhenAnswered, TimeSpan.Zero, bench.Plan.WarmUp, cancellation);
            }

            for (var round = 0; round < bench.Plan.Rounds; round++)
            {
                foreach (var (server, crowd) in crowds.ToArray())
                {
                    runs[server].Add(await LoadRun.RunAsync(
                        server, crowd, stretch => post(crowd, stretch), bench.Plan.LeadIn, bench.Plan.Stretch,
                        cancellation));
                    if (runs[server][^1].Arrivals.Lost == 0)
                        continue;
                    // What it has not delivered after a minute it would deliver while the other one is measured.
                    crowds.Remove(server);
                    crowd.Dispose();
                }
            }

            return runs;
        }
        finally
        {
            foreach (var crowd in crowds.Values)
                crowd.Dispose();
        }
    }
}
