using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Chat.Bench.Chat.Rows;
using Chat.Bench.Chat.Servers;
using Chat.Bench.Store;
using Npgsql;

namespace Chat.Bench.Chat;

/// <summary>The bench of the chat server: <c>chat [ROW…] [--quick]</c>.</summary>
internal static class ChatBench
{
    /// <summary>Our server: its address and the id of its process.</summary>
    private const string ServerVariable = "CHAT_BENCH_SERVER";

    /// <summary>ejabberd, where it is measured too: port, id of its process, the script of its tables.</summary>
    private const string PeerVariable = "CHAT_BENCH_EJABBERD";

    /// <summary>Our server's key: the bench writes to its log.</summary>
    private const string MasterKeyVariable = "CHAT_BENCH_MASTERKEY";

    private const string PeerDatabase = "ejabberd";

    private static readonly (string Name, Row Run)[] Rows =
    [
        ("idle", IdleRow.RunAsync),
        ("steady", LoadRows.SteadyAsync),
        ("saturation", LoadRows.SaturationAsync),
        ("open-room", RoomRows.OpenAsync),
        ("catch-up", RoomRows.CatchUpAsync),
    ];

    private delegate Task<IReadOnlyList<RowResult>> Row(BenchRun bench, CancellationToken cancellation);

    /// <summary>0: all is met; 1: something is not; 2: the arguments make no sense.</summary>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellation)
    {
        var names = args.Where(arg => !arg.StartsWith('-')).ToHashSet(StringComparer.Ordinal);
        if (args.FirstOrDefault(arg => arg is not "--quick" && !IsRow(arg)) is { } stranger)
            return Refuse($"{stranger} is not known. Rows: {string.Join(", ", Rows.Select(row => row.Name))}");
        var database = Environment.GetEnvironmentVariable(StoreBench.DatabaseVariable);
        var ours = Environment.GetEnvironmentVariable(ServerVariable)?.Split(' ');
        var masterKey = Environment.GetEnvironmentVariable(MasterKeyVariable);
        if (database is null || ours is null || masterKey is null)
            return Refuse("ops/bench chat starts everything that this needs, and says where it is.");

        await using var source = NpgsqlDataSource.Create(database);
        var (postgres, version) = await PostgresAsync(source, cancellation);
        var address = new UriBuilder(ours[0]) { Host = IPAddress.Loopback.ToString() }.Uri;
        using var server = new OurServer(address, Number(ours[1]), postgres);
        await using var peerSource = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(database) { Database = PeerDatabase }.ConnectionString);
        var bench = new BenchRun(
            new ChatPlan(args.Contains("--quick")), server, await PeerAsync(peerSource, postgres, cancellation),
            database, masterKey);
        var results = new List<RowResult>();
        foreach (var (name, run) in Rows.Where(row => names.Count == 0 || names.Contains(row.Name)))
        {
            await Console.Error.WriteLineAsync($"… {name}");
            foreach (var result in await run(bench, cancellation))
            {
                results.Add(result);
                await Console.Error.WriteLineAsync($"  {result.Work}: {result.Measured} {result.Unit}"
                    + $"{(result.Beside is { } beside ? $", {beside.Name} {beside.Figure}" : "")}");
                foreach (var note in result.Notes)
                    await Console.Error.WriteLineAsync($"    {note}");
            }
        }

        Print(Console.Out, results, bench, version);
        return results.TrueForAll(row => row.IsMet) ? 0 : 1;
    }

    private static void Print(TextWriter output, List<RowResult> results, BenchRun bench, string version)
    {
        output.WriteLine();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, .NET {Environment.Version},"));
        output.WriteLine(
            $"PostgreSQL {version} with fsync; servers, database and clients on this machine, not bound to cores;");
        output.WriteLine($"median (least to greatest) of {bench.Plan.Rounds} runs that take turns.");
        output.WriteLine();
        ResultTable.Write(output, results);
    }

    private static async Task<(ServerProcesses Processes, string Version)> PostgresAsync(
        NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return (ServerProcesses.OfBackend(connection.ProcessID), connection.PostgreSqlVersion.ToString());
    }

    private static async Task<Ejabberd?> PeerAsync(
        NpgsqlDataSource source, ServerProcesses postgres, CancellationToken cancellation)
    {
        if (Environment.GetEnvironmentVariable(PeerVariable)?.Split(' ', 3) is not [var port, var process, var script])
            return null;
        await Ejabberd.MigrateAsync(source, script, cancellation);
        return new(Number(port), source, Number(process), postgres);
    }

    private static bool IsRow(string name) => Array.Exists(Rows, row => row.Name == name);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static int Refuse(string sentence)
    {
        Console.Error.WriteLine(sentence);
        return 2;
    }
}
