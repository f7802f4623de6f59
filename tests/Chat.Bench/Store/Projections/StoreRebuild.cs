using System.Diagnostics;
using Chat.EventStore;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Bench.Store.Projections;

/// <summary>The row that a message has in the flat table, the same columns as in <see cref="FlatTable"/>.</summary>
internal sealed record FlatMessage(
    Guid EventId, Guid StreamId, long Version, Guid AuthorId, DateTimeOffset SentAt, string Text);

/// <summary>The flat table as the library makes it.</summary>
internal sealed class FlatMessages() : FlatTableProjection<FlatMessage>("bench_messages")
{
    protected override FlatMessage Project(StoredEvent one)
    {
        var message = (MessagePosted)one.Data;
        return new(one.Id, one.StreamId, one.Version, message.AuthorId, one.Timestamp, message.Text);
    }
}

/// <summary>Rebuilds a flat table from the whole log, while nobody runs the projection.</summary>
internal static class StoreRebuild
{
    public static async Task<CatchUpRun> RunAsync(BenchDatabase database, long events, CancellationToken cancellation)
    {
        var projection = new FlatMessages();
        await using (var connection = await database.DataSource.OpenConnectionAsync(cancellation))
        {
            await database.ExecuteAsync(
                $"DROP SCHEMA IF EXISTS {projection.Schema} CASCADE; CREATE SCHEMA {projection.Schema}", cancellation);
            await projection.CreateTablesAsync(projection.Schema, connection, cancellation);
            await projection.CreateIndexesAsync(projection.Schema, connection, cancellation);
        }

        await database.ExecuteAsync("DELETE FROM mt_event_progression; CHECKPOINT", cancellation);
        await using var store = database.OpenStore();
        var rebuild = new ProjectionRebuild(
            store, database.DataSource, new(), NullLogger<ProjectionRebuild>.Instance);
        await using var memory = new MemoryWatch();

        var before = CostReading.Now(database.Server);
        var clock = Stopwatch.StartNew();
        await rebuild.RunAsync(projection, cancellationToken: cancellation);
        var took = clock.Elapsed;
        var cost = CostReading.Now(database.Server).Since(before, (int)events);

        var rows = await database.ScalarAsync<long>(
            $"SELECT count(*) FROM {projection.Schema}.{projection.Table}", cancellation);
        if (rows != events)
            throw new InvalidOperationException($"The rebuilt table has {rows} rows for {events} events.");
        return new(events, took, memory.Seen, cost);
    }
}
