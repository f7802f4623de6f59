using Chat.Bench.GraphQL.Rows;

namespace Chat.Bench.GraphQL;

/// <summary>The bench of the GraphQL server: <c>graphql [ROW…] [--quick]</c>.</summary>
internal static class GraphQLBench
{
    /// <summary>The core that the servers run on. The bench itself is started on another.</summary>
    private const string CoreVariable = "CHAT_BENCH_SERVER_CORE";

    /// <summary>The folder of the peers, installed.</summary>
    private const string PeersVariable = "CHAT_BENCH_PEERS";

    private static readonly (string Name, Func<BenchPlan, CancellationToken, Task<RowResult>> Run)[] Rows =
    [
        ("full", RequestRows.FullAsync),
        ("plain", RequestRows.PlainAsync),
        ("tiny", RequestRows.TinyAsync),
        ("fan-out", FanOutRows.PlainAsync),
        ("fan-out-author", FanOutRows.AuthorAsync),
        ("burst", BurstRow.RunAsync),
        ("idle-sockets", IdleRows.SocketsAsync),
        ("idle-subscriptions", IdleRows.SubscriptionsAsync),
    ];

    /// <summary>0: all is met; 1: something is not; 2: the arguments make no sense.</summary>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellation)
    {
        var names = args.Where(arg => !arg.StartsWith('-')).ToHashSet(StringComparer.Ordinal);
        if (args.FirstOrDefault(arg => arg is not "--quick" && !IsRow(arg)) is { } stranger)
            return Refuse($"{stranger} is not known. Rows: {string.Join(", ", Rows.Select(row => row.Name))}");
        var core = Environment.GetEnvironmentVariable(CoreVariable);
        var peers = Environment.GetEnvironmentVariable(PeersVariable);
        if (core is null || peers is null)
            return Refuse($"{CoreVariable} or {PeersVariable} is not set; ops/bench graphql sets both.");

        var plan = new BenchPlan(core, peers, args.Contains("--quick"));
        var results = new List<RowResult>();
        foreach (var (name, run) in Rows.Where(row => names.Count == 0 || names.Contains(row.Name)))
        {
            await Console.Error.WriteLineAsync($"… {name}");
            var result = await run(plan, cancellation);
            results.Add(result);
            await Console.Error.WriteLineAsync($"  {result.FigureOf(ServerKind.Ours)}");
        }

        ResultTable.Print(Console.Out, results, plan);
        return results.TrueForAll(row => row.IsMet) ? 0 : 1;
    }

    private static bool IsRow(string name) => Array.Exists(Rows, row => row.Name == name);

    private static int Refuse(string sentence)
    {
        Console.Error.WriteLine(sentence);
        return 2;
    }
}
