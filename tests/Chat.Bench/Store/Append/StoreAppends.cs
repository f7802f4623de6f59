using System.Diagnostics;

namespace Chat.Bench.Store.Append;

/// <summary>Runs a workload through the store.</summary>
internal static class StoreAppends
{
    public static Task<AppendRun> RunAsync(
        BenchDatabase database, Workload work, AppendSettings settings, CancellationToken cancellation) =>
        RunAsync(database, work, settings, 0, Stretch.After(settings.WarmUp, settings.Measured), cancellation);

    /// <summary>Runs it for a given stretch of time.</summary>
    /// <param name="database">Holds the streams.</param>
    /// <param name="work">What is appended.</param>
    /// <param name="settings">With what.</param>
    /// <param name="process">Tells the random numbers of several processes apart.</param>
    /// <param name="stretch">What counts; the callers begin at once and end with it.</param>
    /// <param name="cancellation">Ends the run.</param>
    public static async Task<AppendRun> RunAsync(
        BenchDatabase database,
        Workload work,
        AppendSettings settings,
        int process,
        Stretch stretch,
        CancellationToken cancellation)
    {
        using var batches = new BatchSizes();
        await using var store = database.OpenStore();
        var callers = Enumerable.Range(0, work.Callers)
            .Select(number => new Caller(store, new(work, settings, process, number), stretch))
            .ToArray();
        var appending = callers.Select(caller => Task.Run(() => caller.RunAsync(cancellation), cancellation)).ToArray();
        await Stretch.ReachedAsync(stretch.From, cancellation);
        var before = CostReading.Now(database.Server);
        await Stretch.ReachedAsync(stretch.To, cancellation);
        var after = CostReading.Now(database.Server);
        await Task.WhenAll(appending);

        var events = callers.Sum(caller => caller.Latencies.Count);
        return new(
            events,
            stretch.Length.TotalSeconds,
            callers.Sum(caller => caller.Failed),
            Percentiles.Of(callers.SelectMany(caller => caller.Latencies)),
            batches.Within(stretch),
            after.Since(before, events));
    }

    private sealed class Caller(EventLog store, AppendSource source, Stretch stretch)
    {
        /// <summary>In ticks, of the appends that were answered within the stretch that counts.</summary>
        public List<long> Latencies { get; } = [];

        public int Failed { get; private set; }

        public async Task RunAsync(CancellationToken cancellation)
        {
            for (var answered = Stopwatch.GetTimestamp(); answered < stretch.To;)
            {
                var append = source.NextAppend();
                var called = Stopwatch.GetTimestamp();
                try
                {
                    await store.AppendAsync(append, cancellation);
                    answered = Stopwatch.GetTimestamp();
                    if (stretch.Contains(answered))
                        Latencies.Add(answered - called);
                }
                catch (Exception) when (!cancellation.IsCancellationRequested)
                {
                    Failed++;
                    answered = Stopwatch.GetTimestamp();
                }
            }
        }
    }
}
