using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Chat.EventStore.Workload;

namespace Chat.EventStore.Tests.Proofs;

/// <summary>A writer process: started, given its plan, killed or brought to its end; what it said is kept.</summary>
public sealed class WorkloadProcess : IAsyncDisposable
{
    private const int ErrorLinesMax = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process process;
    private readonly Task reading;
    private readonly Lock gate = new();
    private readonly List<WorkloadLine> lines = [];
    private readonly List<string> unreadable = [];
    private readonly Queue<string> errors = new();
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool hasEnded;

    public WorkloadProcess()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Chat.EventStore.Workload.dll");
        var start = new ProcessStartInfo("dotnet", [program])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // These processes live for a second: code that is compiled in haste starts sooner.
        start.Environment["DOTNET_TieredPGO"] = "0";
        process = Process.Start(start)!;
        reading = Task.WhenAll(ReadAsync(), ReadErrorsAsync());
    }

    public WorkloadPlan? Plan { get; private set; }

    public bool WasKilled { get; private set; }

    public int Answered { get; private set; }

    public async Task StartAsync(WorkloadPlan plan)
    {
        Plan = plan;
        await TellAsync(JsonSerializer.Serialize(plan, WorkloadJson.Default.WorkloadPlan));
        await ReachAsync(Marks.Started);
    }

    /// <summary>Waits until the process has said so.</summary>
    public Task ReachAsync(string mark) =>
        UntilAsync(mark, () => lines.Exists(line => line.Mark == mark));

    /// <summary>Waits for that many answered appends.</summary>
    public Task GetAnswersAsync(int appends) =>
        UntilAsync(
            $"{appends} answers", () => Answered >= appends || lines.Exists(line => line.Mark == Marks.Loaded));

    /// <summary>Lets it send no more, and waits for what is under way.</summary>
    public async Task StopLoadAsync()
    {
        await TellAsync("");
        await ReachAsync(Marks.Loaded);
    }

    /// <summary>Lets it come to this sequence and end.</summary>
    public async Task FinishAsync(long sequence)
    {
        await TellAsync(sequence.ToString(CultureInfo.InvariantCulture));
        await ReachAsync(Marks.Finished);
        await process.WaitForExitAsync(StoreTest.Stop).WaitAsync(Patience, StoreTest.Stop);
        await reading;
        if (process.ExitCode != 0)
            throw Failure($"ended with {process.ExitCode}");
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        WasKilled = true;
        process.Kill();
        await process.WaitForExitAsync(StoreTest.Stop);
        await reading;
    }

    /// <summary>All that it said, in order.</summary>
    public IReadOnlyList<WorkloadLine> Lines
    {
        get
        {
            lock (gate)
            {
                // The last line of a killed process may be half a line; nothing else may be.
                return unreadable.Count > (WasKilled ? 1 : 0)
                    ? throw Failure($"said {string.Join('\n', unreadable)}")
                    : [.. lines];
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        await reading;
        process.Dispose();
    }

    private async Task TellAsync(string line)
    {
        await process.StandardInput.WriteLineAsync(line);
        await process.StandardInput.FlushAsync(StoreTest.Stop);
    }

    private async Task UntilAsync(string what, Func<bool> holds)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (holds())
                    return;
                if (hasEnded)
                    throw Failure($"ended before {what}");
                next = changed.Task;
            }

            try
            {
                await next.WaitAsync(Patience - Stopwatch.GetElapsedTime(started), StoreTest.Stop);
            }
            catch (Exception e) when (e is TimeoutException or ArgumentOutOfRangeException)
            {
                throw Failure($"did not come to {what} within {Patience}");
            }
        }
    }

    private async Task ReadAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } text)
            Change(() => Keep(text));
        Change(() => hasEnded = true);
    }

    private void Keep(string text)
    {
        try
        {
            var line = WorkloadLine.Parse(text);
            lines.Add(line);
            if (line.Answer is not null)
                Answered++;
        }
        catch (JsonException)
        {
            unreadable.Add(text);
        }
    }

    private void Change(Action change)
    {
        TaskCompletionSource before;
        lock (gate)
        {
            change();
            before = changed;
            changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        before.SetResult();
    }

    private async Task ReadErrorsAsync()
    {
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            lock (gate)
            {
                errors.Enqueue(line);
                if (errors.Count > ErrorLinesMax)
                    errors.Dequeue();
            }
        }
    }

    private InvalidOperationException Failure(string what)
    {
        lock (gate)
            return new($"Writer process {Plan?.Name} {what}.\n{string.Join('\n', errors)}");
    }
}
