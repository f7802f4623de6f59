using Npgsql;

namespace Chat.EventStore;

/// <summary>The progress of a projection in all its shards: <c>Name:All</c>, or <c>Name:1of4</c> and so on.</summary>
internal sealed class ProgressRows(EventStoreOptions options, ISchemaProjection projection)
{
    // Of the tables of progress and of shards: both call the shard's identity name.
    private const string Mine =
        "(name = $1 || ':All' OR starts_with(name, $1 || ':') AND substr(name, length($1) + 2) ~ '^[0-9]+of[0-9]+$')";

    private const int LettersAtATime = 500;

    private readonly ModelVersions versions = new(options);
    private readonly DeadLetterTable letters = new(options);
    private readonly string table = new MartenTables(options.Schema).Progression;

    /// <summary>The position of the shard that is furthest; 0 when there is none.</summary>
    public Task<long> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.ScalarAsync<long>(
            $"SELECT coalesce(max(last_seq_id), 0) FROM {table} WHERE {Mine}", cancellationToken, projection.Name);

    /// <summary>Whether some process runs a shard: it holds the lock that goes with the row.</summary>
    public async Task<bool> IsOwnedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var shards = await connection.TextsAsync(
            $"SELECT name FROM {table} WHERE {Mine}", cancellationToken, projection.Name);
        return await connection.ScalarAsync<bool>(
            """
            SELECT EXISTS (SELECT FROM pg_locks
            WHERE locktype = 'advisory' AND classid = 0 AND objid::bigint = ANY ($1) AND objsubid = 1 AND granted
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
            """,
            cancellationToken,
            shards.ConvertAll(shard => (long)MartenShardLock.KeyOf(options.Schema, shard)).ToArray());
    }

    /// <summary>
    /// Stops all shards for the length of the transaction: their pages fail at their end and are tried again.
    /// </summary>
    /// <returns>The position of the shard that is furthest.</returns>
    public async Task<long> LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Who has no row yet makes it under this lock too.
        await ShardLayout.LockAsync(connection, options, projection.Name, cancellationToken);
        await connection.RunAsync(
            $"SELECT FROM {table} WHERE {Mine} ORDER BY name FOR UPDATE", cancellationToken, projection.Name);
        return await ReadAsync(connection, cancellationToken);
    }

    /// <summary>
    /// Moves all shards to where the new model is, writes down its version, and begins a new epoch: a page in work
    /// belongs to the old model, so who owns a shard fails with it, and reads where it is now. What the old model could
    /// not apply is history, and so are the shards in which it ran: the new one has all events, so its progress begins
    /// as that of the shards it has.
    /// </summary>
    public async Task MoveAsync(
        NpgsqlConnection connection,
        long position,
        IReadOnlyCollection<SkippedEvent> skipped,
        CancellationToken cancellationToken)
    {
        var shards = Shard.AllOf(projection.Name, projection.Shards);
        await connection.RunAsync($"DELETE FROM {table} WHERE {Mine}", cancellationToken, projection.Name);
        await connection.RunAsync(
            $"""
            INSERT INTO {table} (name, last_seq_id, last_updated)
            SELECT unnest($1), $2, transaction_timestamp()
            """,
            cancellationToken,
            shards.Select(one => one.Name).ToArray(),
            position);
        await versions.WriteAsync(connection, projection, cancellationToken);
        await connection.RunAsync(
            $"""
            UPDATE {options.ExtensionSchema}.projection_shards SET epoch = epoch + 1, dead_letters = 0,
                failure = NULL, failing_sequence = NULL, failing_event = NULL, failing_type = NULL
            WHERE {Mine}
            """,
            cancellationToken,
            projection.Name);
        await connection.RunAsync(
            $"DELETE FROM {options.ExtensionSchema}.dead_letters WHERE projection = $1",
            cancellationToken,
            projection.Name);

        foreach (var some in skipped.Chunk(LettersAtATime))
            await RecordAsync(connection, shards, some, cancellationToken);

        // Shards that were stopped can go on now.
        await connection.RunAsync(
            "SELECT pg_notify($1, $2)", cancellationToken, options.ProgressChannel, projection.Name);
    }

    private async Task RecordAsync(
        NpgsqlConnection connection,
        IReadOnlyList<Shard> shards,
        SkippedEvent[] skipped,
        CancellationToken cancellationToken)
    {
        // They are counted in the rows of the shards, of which some may never have run.
        await connection.RunAsync(
            $"""
            INSERT INTO {options.ExtensionSchema}.projection_shards (name, epoch)
            SELECT unnest($1), 0 ON CONFLICT (name) DO NOTHING
            """,
            cancellationToken,
            (object)shards.Select(one => one.Name).ToArray());
        await using var batch = new NpgsqlBatch(connection);
        foreach (var (one, error) in skipped)
            batch.BatchCommands.Add(letters.Record(shards.Single(shard => shard.Has(one.StreamId)), one, error));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
