using Chat.Bench.Store.Projections;

namespace Chat.Bench.Store.Rows;

/// <summary>A rebuild of a flat table, from a small log and a large one: memory must not grow with the log.</summary>
internal static class RebuildRow
{
    private const int Streams = 1000;
    private const double EventsPerSecondMin = 100_000;

    /// <summary>The small log is this part of the large one.</summary>
    private const int SmallPart = 5;

    /// <summary>How much more memory the large log may take: noise of the garbage collector.</summary>
    private const double MemoryGrowthMax = 1.5;

    public static async Task<RowResult> RunAsync(BenchSettings settings, CancellationToken cancellation)
    {
        var log = new FilledLog(Streams, settings.RebuildEvents / Streams, settings.Appends.Ids);
        var part = log with { EventsOfStream = log.EventsOfStream / SmallPart };
        await using var large = await BenchDatabase.CreateAsync(settings.Server, "rebuild", cancellation);
        await large.ResetAsync(log, cancellation);
        await using var small = await BenchDatabase.CreateAsync(settings.Server, "rebuild-small", cancellation);
        await small.ResetAsync(part, cancellation);
        var rounds = await Rounds<CatchUpRun>.RunAsync(
            settings.Rounds,
            () => StoreRebuild.RunAsync(large, log.Events, cancellation),
            _ => StoreRebuild.RunAsync(small, part.Events, cancellation));

        var measured = Figure.Of(rounds.First.Select(run => run.PerSecond));
        var memory = rounds.Compare("small log", run => run.Memory.ManagedPeak);
        return new($"rebuild of a flat table from {log.Events} events", "events/s", measured)
        {
            Beside = rounds.Compare($"{part.Events} events", run => run.PerSecond),
            Requirements =
            [
                Requirement.AtLeast(EventsPerSecondMin, "events/s", measured),
                Requirement.AtMost(MemoryGrowthMax, "peak memory ratio", memory.Ratio.Median),
            ],
            Notes =
            [
                $"an event: {rounds.First[^1].Cost}",
                $"memory: {rounds.First[^1].Memory}",
                $"memory with {part.Events} events: {rounds.Second[^1].Memory}",
            ],
        };
    }
}
