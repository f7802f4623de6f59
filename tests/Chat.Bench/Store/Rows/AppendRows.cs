using System.Globalization;
using Chat.Bench.Store.Append;

namespace Chat.Bench.Store.Rows;

/// <summary>Appends through the store beside the plain program, or beside the store under easier conditions.</summary>
internal static class AppendRows
{
    private const double RawRatioMin = 0.8;
    private const double P99MsMax = 10;

    public static Task<RowResult> Callers64Async(BenchSettings settings, CancellationToken cancellation) =>
        BesideRawAsync(settings, Workload.Callers64, "append, 64 callers, 100 shared streams", P99MsMax, cancellation);

    public static Task<RowResult> Callers256Async(BenchSettings settings, CancellationToken cancellation) =>
        BesideRawAsync(settings, Workload.Callers256, "append, 256 callers, 100 shared streams", null, cancellation);

    public static Task<RowResult> Caller1Async(BenchSettings settings, CancellationToken cancellation) =>
        BesideRawAsync(settings, Workload.Caller1, "append, 1 caller", null, cancellation);

    public static Task<RowResult> TagCheckedAsync(BenchSettings settings, CancellationToken cancellation) =>
        BesidePlainAsync(settings, Workload.TagChecked, "append, 64 callers, a tag condition each", 0.85, cancellation);

    public static Task<RowResult> TagWrittenAsync(BenchSettings settings, CancellationToken cancellation) =>
        BesidePlainAsync(settings, Workload.TagWritten, "append, 64 callers, a new tag each", 0.6, cancellation);

    private static async Task<RowResult> BesideRawAsync(
        BenchSettings settings, Workload work, string name, double? p99Max, CancellationToken cancellation)
    {
        await using var database = await BenchDatabase.CreateAsync(settings.Server, work.Name, cancellation);
        var rounds = await Rounds<AppendRun>.RunAsync(
            settings.Rounds,
            () => StoreAsync(database, work, settings, cancellation),
            async stored =>
            {
                await database.ResetAsync(FilledLog.OfWorkload(settings.Appends.Ids), cancellation);
                return await RawAppends.RunAsync(database, work, settings.Appends, stored.Batches, cancellation);
            });
        return Result(name, "raw", rounds, RawRatioMin, p99Max);
    }

    private static async Task<RowResult> BesidePlainAsync(
        BenchSettings settings, Workload work, string name, double ratioMin, CancellationToken cancellation)
    {
        await using var database = await BenchDatabase.CreateAsync(settings.Server, work.Name, cancellation);
        var rounds = await Rounds<AppendRun>.RunAsync(
            settings.Rounds,
            () => StoreAsync(database, work, settings, cancellation),
            _ => StoreAsync(database, Workload.Callers64, settings, cancellation));
        return Result(name, "without", rounds, ratioMin, null);
    }

    private static async Task<AppendRun> StoreAsync(
        BenchDatabase database, Workload work, BenchSettings settings, CancellationToken cancellation)
    {
        await database.ResetAsync(FilledLog.OfWorkload(settings.Appends.Ids), cancellation);
        var run = await StoreAppends.RunAsync(database, work, settings.Appends, cancellation);
        await LogCheck.ShouldBeSoundAsync(database, cancellation);
        return run;
    }

    /// <summary>The line of rounds whose first is a run of the store.</summary>
    public static RowResult Result(
        string work, string beside, Rounds<AppendRun> rounds, double ratioMin, double? p99Max)
    {
        var ceiling = rounds.Compare(beside, run => run.PerSecond);
        var p50 = Figure.Of(rounds.First.Select(run => run.LatencyMs.P50));
        var p99 = Figure.Of(rounds.First.Select(run => run.LatencyMs.P99));
        var failed = Figure.Of(rounds.First.Select(run => run.FailedPercent));
        var requirements = new List<Requirement>
        {
            Requirement.Ratio(ratioMin, ceiling),
            Requirement.AtMost(0, "failed %", failed.Max),
        };
        if (p99Max is { } most)
            requirements.Insert(1, Requirement.AtMost(most, "p99 ms", p99.Median));
        return new(work, "events/s", Figure.Of(rounds.First.Select(run => run.PerSecond)))
        {
            Beside = ceiling,
            Requirements = requirements,
            Notes =
            [
                $"p50 {p50} ms, p99 {p99} ms, failed {failed.Max.ToString("0.##", CultureInfo.InvariantCulture)} %",
                $"events a transaction: {BatchesOf(rounds.First)}; {beside}: {BatchesOf(rounds.Second)}",
                $"an event of the store: {CostOf(rounds.First)}",
                $"an event {beside}: {CostOf(rounds.Second)}",
            ],
        };
    }

    private static string BatchesOf(IReadOnlyList<AppendRun> runs) =>
        Figure.Of(runs.Select(run => run.Batches.Count == 0 ? 0 : run.Batches.Average())).ToString();

    private static Cost CostOf(IReadOnlyList<AppendRun> runs) => new(
        Figure.Of(runs.Select(run => run.Cost.ClientMicroseconds)).Median,
        Figure.Of(runs.Select(run => run.Cost.ServerMicroseconds)).Median,
        Figure.Of(runs.Select(run => run.Cost.AllocatedBytes)).Median);
}
