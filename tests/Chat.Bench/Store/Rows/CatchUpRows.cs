using Chat.Bench.Store.Projections;

namespace Chat.Bench.Store.Rows;

/// <summary>Projections that catch up with a log that was there before them.</summary>
internal static class CatchUpRows
{
    private const int Streams = 1000;
    private const double RawRatioMin = 0.6;
    private const double ThreeRatioMin = 0.7;

    /// <summary>One flat table beside a plain loop.</summary>
    public static Task<RowResult> OneAsync(BenchSettings settings, CancellationToken cancellation) => MeasureAsync(
        settings,
        "catch-up, one flat table, one shard",
        (database, events) => StoreCatchUp.RunAsync(database, events, Tables(1), cancellation),
        ("raw", (database, events) => RawCatchUp.RunAsync(database, events, Tables(1)[0], cancellation)),
        RawRatioMin,
        cancellation);

    /// <summary>Three flat tables at a time beside one; the rate is that of the log.</summary>
    public static Task<RowResult> ThreeAsync(BenchSettings settings, CancellationToken cancellation) => MeasureAsync(
        settings,
        "catch-up, three projections together",
        (database, events) => StoreCatchUp.RunAsync(database, events, Tables(3), cancellation),
        ("one", (database, events) => StoreCatchUp.RunAsync(database, events, Tables(1), cancellation)),
        ThreeRatioMin,
        cancellation);

    private static async Task<RowResult> MeasureAsync(
        BenchSettings settings,
        string name,
        Func<BenchDatabase, long, Task<CatchUpRun>> measure,
        (string Name, Func<BenchDatabase, long, Task<CatchUpRun>> Measure) beside,
        double ratioMin,
        CancellationToken cancellation)
    {
        await using var database = await BenchDatabase.CreateAsync(settings.Server, "catch-up", cancellation);
        var log = new FilledLog(Streams, settings.CatchUpEvents / Streams, settings.Appends.Ids);
        await database.ResetAsync(log, cancellation);
        var rounds = await Rounds<CatchUpRun>.RunAsync(
            settings.Rounds, () => measure(database, log.Events), _ => beside.Measure(database, log.Events));
        var ceiling = rounds.Compare(beside.Name, run => run.PerSecond);
        return new(name, "events/s", Figure.Of(rounds.First.Select(run => run.PerSecond)))
        {
            Beside = ceiling,
            Requirements = [Requirement.Ratio(ratioMin, ceiling)],
            Notes =
            [
                $"an event of the store: {rounds.First[^1].Cost}; {beside.Name}: {rounds.Second[^1].Cost}",
                $"memory: {rounds.First[^1].Memory}; {beside.Name}: {rounds.Second[^1].Memory}",
            ],
        };
    }

    private static FlatMessages[] Tables(int count) =>
        [.. Enumerable.Range(1, count).Select(number => new FlatMessages(number))];
}
