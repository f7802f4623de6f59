using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Chat.Model.Node;

namespace Chat.Model.Runs;

/// <summary>A node of the server in a process of its own, which lives in the time that it is told.</summary>
internal sealed class NodeProcess : INode
{
    private const int LinesMax = 20;

    // A whole runtime starts, perhaps beside others.
    private static readonly TimeSpan AnswerMax = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Channel<string> _answers = Channel.CreateUnbounded<string>();
    private readonly ConcurrentQueue<string> _log = new();

    public NodeProcess(IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Chat.Model.Node.dll") },
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Code that lives for a minute is not worth being measured for better code.
            Environment = { ["DOTNET_TieredPGO"] = "0" },
        };
        foreach (var (key, value) in settings)
            start.ArgumentList.Add($"{key}={value}");
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Log(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Address { get; private set; } = null!;

    public string Output => string.Join('\n', _log);

    public async Task StartAsync(DateTimeOffset time) => Address = new Uri(await AskAsync(time));

    public async Task MoveToAsync(DateTimeOffset time) =>
        (await AskAsync(time)).ShouldBe(time.UtcTicks.ToString(CultureInfo.InvariantCulture));

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<string> AskAsync(DateTimeOffset time)
    {
        await _process.StandardInput.WriteLineAsync(time.UtcTicks.ToString(CultureInfo.InvariantCulture));
        await _process.StandardInput.FlushAsync();
        using var limit = new CancellationTokenSource(AnswerMax);
        try
        {
            return await _answers.Reader.ReadAsync(limit.Token);
        }
        catch (Exception e) when (e is ChannelClosedException or OperationCanceledException)
        {
            throw new InvalidOperationException($"The node does not answer:\n{Output}", e);
        }
    }

    private void Take(string? line)
    {
        if (line is null)
            _answers.Writer.TryComplete();
        else if (line.StartsWith(NodeLines.Answer, StringComparison.Ordinal))
            _answers.Writer.TryWrite(line[NodeLines.Answer.Length..]);
        else
            Log(line);
    }

    private void Log(string? line)
    {
        _log.Enqueue(line ?? "");
        while (_log.Count > LinesMax)
            _log.TryDequeue(out _);
    }
}
