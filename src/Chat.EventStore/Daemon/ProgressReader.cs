using Npgsql;

namespace Chat.EventStore;

/// <summary>Reads what the database holds on all shards of a projection, in one query.</summary>
internal sealed class ProgressReader(
    EventStoreOptions options, string projection, IReadOnlyList<ShardProgress> shards)
{
    private readonly Lock gate = new();
    private readonly string sql = Sql(new(options.Schema), $"{options.ExtensionSchema}.projection_shards");

    private long? lastReadAt;

    /// <summary>
    /// Like <see cref="ReadAsync"/>, once in an interval: each shard that stands by asks for it in each of its own.
    /// </summary>
    public async Task ReadOnceInAsync(
        TimeSpan interval, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var now = options.Clock.GetTimestamp();
        lock (gate)
        {
            // A timer may come a little early; half an interval later would be too late.
            if (lastReadAt is { } last && options.Clock.GetElapsedTime(last, now) < interval * 0.9)
                return;
            lastReadAt = now;
        }

        await ReadAsync(connection, cancellationToken);
    }

    /// <summary>Brings what this process knows up to date.</summary>
    public async Task ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var readAt = shards.Select(one => one.Changes).ToList();
        var rows = new Dictionary<Shard, StoredProgress>();
        await using (var command = new NpgsqlCommand(sql, connection))
        {
            command.Parameters.Add(new() { Value = Shard.PrefixOf(projection) });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                if (Shard.Parse(projection, reader.GetString(0)) is { } shard)
                    rows[shard] = Row(reader);
            }
        }

        for (var i = 0; i < shards.Count; i++)
            shards[i].Read(StoredOf(shards[i].Shard, rows), readAt[i]);
    }

    // While another process still runs another number of shards, what they have all applied is applied.
    private static StoredProgress StoredOf(Shard shard, Dictionary<Shard, StoredProgress> rows)
    {
        if (rows.TryGetValue(shard, out var own))
            return own;
        var others = rows.Where(row => row.Key.Count != shard.Count).ToList();
        return others.Count > 0 && others.Count == others[0].Key.Count
            ? others.MinBy(row => row.Value.Position).Value with { Epoch = 0, Failing = null, DeadLetters = 0 }
            : default;
    }

    private static StoredProgress Row(NpgsqlDataReader reader) => new(
        reader.GetInt64(1),
        reader.GetInt64(2),
        reader.IsDBNull(3) ? null : reader.GetString(3),
        reader.GetInt64(4),
        FailingEvent.Of(reader, 5),
        reader.IsDBNull(9) ? null : reader.GetFieldValue<DateTimeOffset>(9));

    private static string Sql(MartenTables tables, string shards) =>
        $"""
        SELECT kept.name, kept.position, coalesce(known.epoch, 0), known.owner, coalesce(known.dead_letters, 0),
               known.failure, known.failing_sequence, known.failing_event, known.failing_type,
               (SELECT timestamp FROM {tables.Events} WHERE seq_id > kept.position ORDER BY seq_id LIMIT 1)
        FROM (SELECT name::text, coalesce(last_seq_id, 0) AS position FROM {tables.Progression}) AS kept
        LEFT JOIN {shards} AS known ON known.name = kept.name
        WHERE starts_with(kept.name, $1)
        """;
}
