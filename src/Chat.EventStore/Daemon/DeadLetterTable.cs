using Npgsql;

namespace Chat.EventStore;

/// <summary>The events that projections skipped.</summary>
internal sealed class DeadLetterTable(EventStoreOptions options)
{
    private readonly string letters = $"{options.ExtensionSchema}.dead_letters";
    private readonly string shards = $"{options.ExtensionSchema}.projection_shards";

    /// <summary>Records an event and counts it once, however often it is skipped.</summary>
    public NpgsqlBatchCommand Record(Shard shard, StoredEvent one, string error) => new(
        $"""
        WITH letter AS (
            INSERT INTO {letters}
                (projection, sequence, shard, event_id, stream_id, event_type, error, skipped_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (projection, sequence) DO UPDATE SET error = excluded.error, skipped_at = excluded.skipped_at
            RETURNING xmax = 0 AS is_new
        )
        UPDATE {shards} SET dead_letters = dead_letters + (SELECT count(*) FROM letter WHERE is_new) WHERE name = $3
        """)
    {
        Parameters =
        {
            new() { Value = shard.Projection },
            new() { Value = one.Sequence },
            new() { Value = shard.Name },
            new() { Value = one.Id },
            new() { Value = one.StreamId },
            new() { Value = one.EventTypeName },
            new() { Value = error },
            new() { Value = StoreClock.Now(options.Clock).UtcDateTime },
        },
    };

    /// <summary>A page in the order of the log.</summary>
    public async Task<IReadOnlyList<DeadLetter>> ReadAsync(
        NpgsqlDataSource dataSource, string projection, long after, int limit, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            $"""
            SELECT projection, shard, sequence, event_id, stream_id, event_type, error, skipped_at FROM {letters}
            WHERE projection = $1 AND sequence > $2 ORDER BY sequence LIMIT $3
            """);
        command.Parameters.Add(new() { Value = projection });
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var page = new List<DeadLetter>();
        while (await reader.ReadAsync(cancellationToken))
        {
            page.Add(new(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetInt64(2),
                reader.GetGuid(3),
                reader.GetGuid(4),
                reader.GetString(5),
                reader.GetString(6),
                reader.GetFieldValue<DateTimeOffset>(7)));
        }

        return page;
    }
}
