using Chat.Bench.Store.Append;

namespace Chat.Bench.Store.Rows;

/// <summary>Two processes that append to the same streams, beside one.</summary>
internal static class TwoProcessRows
{
    private const double RatioMin = 0.8;

    /// <summary>A new process compiles its code; in the other rows an uncounted round does.</summary>
    private const int WarmUps = 4;

    /// <summary>A second process brings callers of its own.</summary>
    public static Task<RowResult> TwiceTheCallersAsync(BenchSettings settings, CancellationToken cancellation) =>
        BesideOneAsync(settings, Workload.Callers64, "append, two processes with 64 callers each", cancellation);

    /// <summary>The callers are shared out, so that each process commits half as many together.</summary>
    public static Task<RowResult> SameCallersAsync(BenchSettings settings, CancellationToken cancellation) =>
        BesideOneAsync(settings, Workload.Callers32, "append, two processes with 32 callers each", cancellation);

    private static async Task<RowResult> BesideOneAsync(
        BenchSettings settings, Workload ofEach, string name, CancellationToken cancellation)
    {
        await using var database = await BenchDatabase.CreateAsync(settings.Server, "two-processes", cancellation);
        var rounds = await Rounds<AppendRun>.RunAsync(
            settings.Rounds,
            () => RunAsync(database, ofEach, 2, settings, cancellation),
            _ => RunAsync(database, Workload.Callers64, 1, settings, cancellation));
        return AppendRows.Result(name, "one process with 64", rounds, RatioMin, null);
    }

    private static async Task<AppendRun> RunAsync(
        BenchDatabase database, Workload work, int processes, BenchSettings settings, CancellationToken cancellation)
    {
        await database.ResetAsync(FilledLog.OfWorkload(settings.Appends.Ids), cancellation);
        var children = new List<Child>();
        try
        {
            for (var process = 0; process < processes; process++)
                children.Add(await Children.AppendingAsync(database, work, settings.Appends, process, cancellation));
            var stretch = Stretch.After(WarmUps * settings.Appends.WarmUp, settings.Appends.Measured);
            foreach (var child in children)
                await child.BeginAsync(stretch);
            var runs = new List<AppendRun>();
            foreach (var child in children)
                runs.Add(await child.AnswerAsync<AppendRun>(cancellation));
            await LogCheck.ShouldBeSoundAsync(database, cancellation);
            return Sum(runs);
        }
        finally
        {
            foreach (var child in children)
                await child.DisposeAsync();
        }
    }

    /// <summary>
    /// Together. Each process counts the whole server's time against its own events; percentiles are those of the
    /// slower one.
    /// </summary>
    private static AppendRun Sum(List<AppendRun> runs)
    {
        var events = runs.Sum(run => run.Events);
        return new(
            events,
            runs[0].Seconds,
            runs.Sum(run => run.Failed),
            new(
                runs.Max(run => run.LatencyMs.P50),
                runs.Max(run => run.LatencyMs.P99),
                runs.Max(run => run.LatencyMs.P999),
                runs.Max(run => run.LatencyMs.Max)),
            [.. runs.SelectMany(run => run.Batches)],
            new(
                runs.Sum(run => run.Cost.ClientMicroseconds * run.Events) / events,
                runs.Max(run => run.Cost.ServerMicroseconds * run.Events) / events,
                runs.Sum(run => run.Cost.AllocatedBytes * run.Events) / events));
    }
}
