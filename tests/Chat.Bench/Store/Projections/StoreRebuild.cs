using System.Diagnostics;
using Chat.EventStore;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Bench.Store.Projections;

/// <summary>Rebuilds a flat table from the whole log, while nobody runs the projection.</summary>
internal static class StoreRebuild
{
    public static async Task<CatchUpRun> RunAsync(BenchDatabase database, long events, CancellationToken cancellation)
    {
        var projection = new FlatMessages(1);
        await projection.ResetAsync(database, cancellation);
        await database.ExecuteAsync("CHECKPOINT", cancellation);
        await using var store = database.OpenStore();
        var rebuild = new ProjectionRebuild(
            store, database.DataSource, new(), NullLogger<ProjectionRebuild>.Instance);
        await using var memory = new MemoryWatch();

        var before = CostReading.Now(database.Server);
        var clock = Stopwatch.StartNew();
        await rebuild.RunAsync(projection, cancellationToken: cancellation);
        var took = clock.Elapsed;
        var cost = CostReading.Now(database.Server).Since(before, (int)events);

        await projection.ShouldHoldAsync(database, events, cancellation);
        return new(events, took, memory.Seen, cost);
    }
}
