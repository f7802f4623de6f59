using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace Chat.Bench.Store;

/// <summary>
/// This program once more, in a process of its own. It says when it is ready, hears which stretch of time counts, and
/// at the end writes its answer as one line of JSON.
/// </summary>
internal sealed class Child : IAsyncDisposable
{
    public const string Command = "store-child";

    private const string Ready = "ready";
    private static readonly TimeSpan AnswerMax = TimeSpan.FromMinutes(2);

    private readonly Process process;

    private Child(Process process) => this.process = process;

    /// <summary>Starts one and waits until it is ready.</summary>
    /// <param name="connectionString">The database it works in.</param>
    /// <param name="arguments">What it does, see <see cref="Children"/>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<Child> StartAsync(
        string connectionString, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath!, [Assembly.GetExecutingAssembly().Location, Command, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { [StoreBench.DatabaseVariable] = connectionString },
        };
        var child = new Child(Process.Start(start)!);
        try
        {
            var line = await child.ReadLineAsync(cancellation);
            return line is Ready ? child : throw new InvalidOperationException($"A child process said {line}.");
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets it begin.</summary>
    public async Task BeginAsync(Stretch stretch)
    {
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new[] { stretch.From, stretch.To }));
        await process.StandardInput.FlushAsync();
    }

    /// <summary>What it found out.</summary>
    public async Task<T> AnswerAsync<T>(CancellationToken cancellation) =>
        JsonSerializer.Deserialize<T>(await ReadLineAsync(cancellation))!;

    /// <summary>In the child: tells the parent to go on, and waits for the stretch that counts.</summary>
    public static async Task<Stretch> ReadyAsync()
    {
        await Console.Out.WriteLineAsync(Ready);
        var line = await Console.In.ReadLineAsync() ?? throw new InvalidOperationException("The parent has ended.");
        var times = JsonSerializer.Deserialize<long[]>(line)!;
        return new(times[0], times[1]);
    }

    /// <summary>In the child: tells the parent what was found out.</summary>
    public static Task AnswerAsync<T>(T answer) => Console.Out.WriteLineAsync(JsonSerializer.Serialize(answer));

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellation) =>
        await process.StandardOutput.ReadLineAsync(cancellation).AsTask().WaitAsync(AnswerMax, cancellation)
            ?? throw new InvalidOperationException("A child process ended without an answer.");
}
