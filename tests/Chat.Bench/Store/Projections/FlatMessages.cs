using System.Globalization;
using Chat.EventStore;

namespace Chat.Bench.Store.Projections;

/// <summary>A message's row.</summary>
internal sealed record FlatMessage(
    Guid EventId, Guid StreamId, long Version, Guid AuthorId, DateTimeOffset SentAt, string Text);

/// <summary>A flat table as the library makes it.</summary>
/// <param name="number">Tells several of them apart.</param>
internal sealed class FlatMessages(int number)
    : FlatTableProjection<FlatMessage>(string.Create(CultureInfo.InvariantCulture, $"bench_flat_{number}"))
{
    public override string Name => Schema;

    /// <summary>Makes the table empty, and forgets how far it was.</summary>
    public async Task ResetAsync(BenchDatabase database, CancellationToken cancellation)
    {
        await database.ExecuteAsync(
            $"DROP SCHEMA IF EXISTS {Schema} CASCADE; CREATE SCHEMA {Schema}; DELETE FROM mt_event_progression",
            cancellation);
        await using var connection = await database.DataSource.OpenConnectionAsync(cancellation);
        await CreateTablesAsync(Schema, connection, cancellation);
        await CreateIndexesAsync(Schema, connection, cancellation);
    }

    /// <summary>Throws where not every event has become its row.</summary>
    public async Task ShouldHoldAsync(BenchDatabase database, long events, CancellationToken cancellation)
    {
        var rows = await database.ScalarAsync<long>($"SELECT count(*) FROM {Schema}.{Table}", cancellation);
        if (rows != events)
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"{Name} has {rows} rows for {events} events."));
    }

    protected override FlatMessage Project(StoredEvent one)
    {
        var message = (MessagePosted)one.Data;
        return new(one.Id, one.StreamId, one.Version, message.AuthorId, one.Timestamp, message.Text);
    }
}
