using System.Diagnostics;
using System.Text.Json;
using Chat.EventStore;
using Npgsql;

namespace Chat.Bench.Store.Projections;

/// <summary>
/// The ceiling of catching up: a plain loop over one log and one table. It reads pages of the size that the store's
/// tail has, turns the JSON into objects, and writes each page by one insert together with the progress row, in one
/// round trip and one transaction that does not wait for the disk, as the store's does not. The next page is read while
/// the one before is written.
/// </summary>
internal sealed class RawCatchUp : IAsyncDisposable
{
    private const string ReadPage =
        """
        SELECT seq_id, id, stream_id, version, timestamp, data FROM mt_events
        WHERE seq_id > $1 ORDER BY seq_id LIMIT $2
        """;

    private static readonly int PageEvents = new EventStoreOptions().TailPageEvents;

    private readonly NpgsqlConnection reading;
    private readonly NpgsqlConnection writing;
    private readonly NpgsqlCommand page;
    private readonly FlatMessages table;
    private long read;

    private RawCatchUp(NpgsqlConnection reading, NpgsqlConnection writing, FlatMessages table)
    {
        (this.reading, this.writing, this.table) = (reading, writing, table);
        page = new(ReadPage, reading)
        {
            Parameters = { new() { Value = 0L }, new() { Value = PageEvents } },
        };
    }

    public static async Task<CatchUpRun> RunAsync(
        BenchDatabase database, long events, FlatMessages table, CancellationToken cancellation)
    {
        await table.ResetAsync(database, cancellation);
        await database.ExecuteAsync(
            $"INSERT INTO mt_event_progression (name, last_seq_id) VALUES ('{table.Name}', 0); CHECKPOINT",
            cancellation);
        await using var raw = new RawCatchUp(
            await database.DataSource.OpenConnectionAsync(cancellation),
            await database.DataSource.OpenConnectionAsync(cancellation),
            table);
        await raw.PrepareAsync(cancellation);
        await using var memory = new MemoryWatch();

        var before = CostReading.Now(database.Server);
        var clock = Stopwatch.StartNew();
        await raw.LoopAsync(cancellation);
        var took = clock.Elapsed;
        var cost = CostReading.Now(database.Server).Since(before, (int)events);
        await table.ShouldHoldAsync(database, events, cancellation);
        return new(events, took, memory.Seen, cost);
    }

    public async ValueTask DisposeAsync()
    {
        await page.DisposeAsync();
        await reading.DisposeAsync();
        await writing.DisposeAsync();
    }

    private async Task PrepareAsync(CancellationToken cancellation)
    {
        await page.PrepareAsync(cancellation);
        await using var command = new NpgsqlCommand("SET synchronous_commit = off", writing);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task LoopAsync(CancellationToken cancellation)
    {
        var next = await ReadAsync(cancellation);
        while (next is { } rows)
        {
            var through = read;
            var written = WriteAsync(rows, through, cancellation);
            next = await ReadAsync(cancellation);
            await written;
        }
    }

    private async Task<FlatRows?> ReadAsync(CancellationToken cancellation)
    {
        page.Parameters[0].Value = read;
        var rows = new FlatRows(PageEvents);
        await using var reader = await page.ExecuteReaderAsync(cancellation);
        if (!reader.HasRows)
            return null;
        while (await reader.ReadAsync(cancellation))
        {
            read = reader.GetInt64(0);
            var message = JsonSerializer.Deserialize<MessagePosted>(reader.GetFieldValue<byte[]>(5))!;
            rows.Add(
                read, reader.GetGuid(1), message, reader.GetGuid(2), reader.GetInt64(3), reader.GetDateTime(4));
        }

        return rows;
    }

    private async Task WriteAsync(FlatRows rows, long through, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(writing)
        {
            BatchCommands =
            {
                rows.Insert($"{table.Schema}.{table.Table}"),
                new("UPDATE mt_event_progression SET last_seq_id = $1, last_updated = now() WHERE name = $2")
                {
                    Parameters = { new() { Value = through }, new() { Value = table.Name } },
                },
            },
        };

        // Known statements stay prepared on their connection, so this costs a round trip for the first page only.
        await batch.PrepareAsync(cancellation);
        await batch.ExecuteNonQueryAsync(cancellation);
    }
}
