using System.Diagnostics;
using Chat.EventStore;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Bench.Store.Projections;

/// <summary>Runs projections from the beginning of a log to its end, as the daemon does after a start.</summary>
internal static class StoreCatchUp
{
    private static readonly TimeSpan TimeMax = TimeSpan.FromMinutes(5);

    public static async Task<CatchUpRun> RunAsync(
        BenchDatabase database, long events, IReadOnlyList<FlatMessages> tables, CancellationToken cancellation)
    {
        foreach (var table in tables)
            await table.ResetAsync(database, cancellation);
        await database.ExecuteAsync("CHECKPOINT", cancellation);
        await using var store = database.OpenStore();
        var daemon = new ProjectionDaemon(
            store, database.DataSource, tables, new(), NullLogger<ProjectionDaemon>.Instance);
        await using var memory = new MemoryWatch();
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

        var before = CostReading.Now(database.Server);
        var clock = Stopwatch.StartNew();
        var running = daemon.RunAsync(stopping.Token);
        await Task.WhenAll(tables.Select(table => ReachedAsync(daemon, table, events, cancellation)));
        var took = clock.Elapsed;
        var cost = CostReading.Now(database.Server).Since(before, (int)events);

        await stopping.CancelAsync();
        await running;
        foreach (var table in tables)
            await table.ShouldHoldAsync(database, events, cancellation);
        return new(events, took, memory.Seen, cost);
    }

    private static async Task ReachedAsync(
        ProjectionDaemon daemon, FlatMessages table, long events, CancellationToken cancellation)
    {
        try
        {
            await daemon.WaitForAsync(table.Name, events, TimeMax, cancellation);
        }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException($"{table.Name}: {daemon.Status(table.Name).LastError}", e);
        }
    }
}
