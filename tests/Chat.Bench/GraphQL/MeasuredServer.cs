using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Chat.Bench.GraphQL.Servers;

namespace Chat.Bench.GraphQL;

/// <summary>One of the servers that are compared.</summary>
/// <param name="Name">As in the table.</param>
/// <param name="Program">Of this program: the name of the server; of a peer: its file.</param>
internal sealed record ServerKind(string Name, string Program)
{
    public static readonly ServerKind Ours = new("ours", ServerProgram.Ours);
    public static readonly ServerKind Mercurius = new("mercurius", "mercurius.mjs");
    public static readonly ServerKind Yoga = new("yoga", "yoga.mjs");
    public static readonly ServerKind Node = new("node:http", "node-http.mjs");
    public static readonly ServerKind Floor = new("floor", ServerProgram.Floor);

    public static readonly ServerKind[] All = [Ours, Mercurius, Yoga, Node, Floor];

    private static readonly string[] OfNode = ["node", "--expose-gc"];

    public IEnumerable<string> CommandLine(BenchPlan plan) => Program.EndsWith(".mjs", StringComparison.Ordinal)
        ? [.. OfNode, Path.Combine(plan.Peers, Program)]
        : [Environment.ProcessPath!, Assembly.GetExecutingAssembly().Location, ServerProgram.Command, Program];
}

/// <summary>
/// A server in a process of its own, on a core of its own. It is told what to do on its standard input.
/// </summary>
internal sealed class MeasuredServer : IAsyncDisposable
{
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(60);

    private readonly Process process;

    private MeasuredServer(Process process, ServerKind kind) => (this.process, Kind) = (process, kind);

    public ServerKind Kind { get; }

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Messages published so far; they are numbered from 1.</summary>
    public int Published { get; private set; }

    /// <summary>Processor time of all its threads, in user and kernel mode.</summary>
    public TimeSpan ProcessorTime => LinuxProcess.ProcessorTime(process.Id);

    public static async Task<MeasuredServer> StartAsync(
        ServerKind kind, BenchPlan plan, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("taskset", ["-c", plan.ServerCore, .. kind.CommandLine(plan)])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["DOTNET_gcServer"] = "0", ["NODE_ENV"] = "production" },
        };
        var server = new MeasuredServer(Process.Start(start)!, kind);
        try
        {
            server.Address = new Uri(await server.AnswerAsync("ready", cancellation));
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public Task PublishAsync(int count)
    {
        Published += count;
        return CommandAsync(string.Create(CultureInfo.InvariantCulture, $"publish {count}"));
    }

    /// <summary>Resident memory and the managed heap, both after a garbage collection, in bytes.</summary>
    public async Task<(long Resident, long Heap)> MemoryAsync(CancellationToken cancellation)
    {
        await CommandAsync("memory");
        var heap = Number(await AnswerAsync("memory", cancellation));
        return (LinuxProcess.MemoryBytes(process.Id, "VmRSS"), heap);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task CommandAsync(string line)
    {
        await process.StandardInput.WriteLineAsync(line);
        await process.StandardInput.FlushAsync();
    }

    private async Task<string> AnswerAsync(string word, CancellationToken cancellation)
    {
        var line = await process.StandardOutput.ReadLineAsync(cancellation).AsTask()
            .WaitAsync(AnswerMax, cancellation);
        return line is not null && line.StartsWith(word + " ", StringComparison.Ordinal)
            ? line[(word.Length + 1)..]
            : throw new InvalidOperationException($"The server {Kind.Name} said \"{line}\" instead of \"{word} …\".");
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
