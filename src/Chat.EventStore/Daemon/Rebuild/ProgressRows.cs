using Npgsql;

namespace Chat.EventStore;

/// <summary>The progress of a projection in all its shards: <c>Name:All</c>, or <c>Name:1of4</c> and so on.</summary>
internal sealed class ProgressRows(EventStoreOptions options, string projection)
{
    // Of the tables of progress and of shards: both call the shard's identity name.
    private const string Mine =
        "(name = $1 || ':All' OR starts_with(name, $1 || ':') AND substr(name, length($1) + 2) ~ '^[0-9]+of[0-9]+$')";

    private readonly string table = new MartenTables(options.Schema).Progression;

    /// <summary>The position of the shard that is furthest; 0 when there is none.</summary>
    public Task<long> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        ReadAsync(connection, "max", cancellationToken);

    /// <summary>The position of the shard that is furthest behind; 0 when there is none.</summary>
    public Task<long> ReadLastAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        ReadAsync(connection, "min", cancellationToken);

    /// <summary>Whether some process runs a shard: it holds the lock that goes with the row.</summary>
    public async Task<bool> IsOwnedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var shards = await connection.TextsAsync(
            $"SELECT name FROM {table} WHERE {Mine}", cancellationToken, projection);
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
        await connection.RunAsync(
            $"""
            INSERT INTO {table} (name, last_seq_id, last_updated)
            SELECT $1 || ':All', 0, transaction_timestamp() WHERE NOT EXISTS (SELECT FROM {table} WHERE {Mine})
            ON CONFLICT (name) DO NOTHING
            """,
            cancellationToken,
            projection);
        await connection.RunAsync(
            $"SELECT FROM {table} WHERE {Mine} ORDER BY name FOR UPDATE", cancellationToken, projection);
        return await ReadAsync(connection, cancellationToken);
    }

    /// <summary>
    /// Moves all shards to where the new model is, and begins a new epoch: a page in work belongs to the old model, so
    /// who owns a shard fails with it, and reads where it is now. What the old model could not apply is history.
    /// </summary>
    public async Task MoveAsync(NpgsqlConnection connection, long position, CancellationToken cancellationToken)
    {
        await connection.RunAsync(
            $"UPDATE {table} SET last_seq_id = $2, last_updated = transaction_timestamp() WHERE {Mine}",
            cancellationToken,
            projection,
            position);
        await connection.RunAsync(
            $"""
            UPDATE {options.ExtensionSchema}.projection_shards SET epoch = epoch + 1, dead_letters = 0,
                failure = NULL, failing_sequence = NULL, failing_event = NULL, failing_type = NULL
            WHERE {Mine}
            """,
            cancellationToken,
            projection);
        await connection.RunAsync(
            $"DELETE FROM {options.ExtensionSchema}.dead_letters WHERE projection = $1", cancellationToken, projection);
    }

    private Task<long> ReadAsync(NpgsqlConnection connection, string which, CancellationToken cancellationToken) =>
        connection.ScalarAsync<long>(
            $"SELECT coalesce({which}(last_seq_id), 0) FROM {table} WHERE {Mine}", cancellationToken, projection);
}
