using Chat.Bench.Store.Rows;

namespace Chat.Bench.Store;

/// <summary>The bench of the event store: <c>store [ROW…] [--quick] [--scattered-ids]</c>.</summary>
internal static class StoreBench
{
    /// <summary>Holds the connection string of a superuser: an argument could be seen by everybody.</summary>
    public const string DatabaseVariable = "CHAT_BENCH_DATABASE";

    private static readonly (string Name, Func<BenchSettings, CancellationToken, Task<RowResult>> Run)[] Rows =
    [
        ("append-64", AppendRows.Callers64Async),
        ("append-256", AppendRows.Callers256Async),
        ("append-1", AppendRows.Caller1Async),
        ("append-tag-checked", AppendRows.TagCheckedAsync),
        ("append-tag-written", AppendRows.TagWrittenAsync),
        ("two-processes", TwoProcessRows.TwiceTheCallersAsync),
        ("two-processes-shared-out", TwoProcessRows.SameCallersAsync),
        ("tail", TailRow.RunAsync),
        ("aggregate", AggregateRow.RunAsync),
        ("catch-up", CatchUpRows.OneAsync),
        ("catch-up-three", CatchUpRows.ThreeAsync),
        ("rebuild", RebuildRow.RunAsync),
        ("large-log", LargeLogRow.RunAsync),
    ];

    /// <summary>0: all is met; 1: something is not; 2: the arguments make no sense.</summary>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellation)
    {
        var names = args.Where(arg => !arg.StartsWith('-')).ToHashSet(StringComparer.Ordinal);
        if (args.FirstOrDefault(arg => arg is not ("--quick" or "--scattered-ids") && !IsRow(arg)) is { } stranger)
            return Refuse($"{stranger} is not known. Rows: {string.Join(", ", Rows.Select(row => row.Name))}");
        if (Environment.GetEnvironmentVariable(DatabaseVariable) is not { Length: > 0 } server)
            return Refuse($"{DatabaseVariable} is not set; ops/bench store starts everything it needs.");

        var ids = args.Contains("--scattered-ids") ? IdKind.Scattered : IdKind.Ordered;
        var settings = args.Contains("--quick") ? BenchSettings.Quick(server, ids) : BenchSettings.Full(server, ids);
        var results = new List<RowResult>();
        foreach (var (name, run) in Rows.Where(row => names.Count == 0 || names.Contains(row.Name)))
        {
            await Console.Error.WriteLineAsync($"… {name}");
            var result = await run(settings, cancellation);
            results.Add(result);
            await Console.Error.WriteLineAsync($"  {result.Measured} {result.Unit}, ratio {result.Beside?.Ratio}");
        }

        var version = await VersionAsync(server, cancellation);
        ResultTable.Print(Console.Out, results, settings, version);
        return results.TrueForAll(row => row.IsMet) ? 0 : 1;
    }

    private static bool IsRow(string name) => Array.Exists(Rows, row => row.Name == name);

    private static async Task<string> VersionAsync(string server, CancellationToken cancellation)
    {
        await using var database = await BenchDatabase.OpenAsync(server, cancellation);
        return await database.ScalarAsync<string>("SELECT current_setting('server_version')", cancellation);
    }

    private static int Refuse(string sentence)
    {
        Console.Error.WriteLine(sentence);
        return 2;
    }
}
