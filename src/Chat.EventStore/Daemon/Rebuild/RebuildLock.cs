using Npgsql;

namespace Chat.EventStore;

/// <summary>The lock of a rebuild: by the schema, which is what two rebuilds would both write to.</summary>
internal static class RebuildLock
{
    private const string Key = "hashtextextended('Chat.EventStore rebuild of ' || $1, 0)";

    /// <summary>Takes the lock on this connection; null when somebody else has it.</summary>
    public static async Task<ShardLock?> TryTakeAsync(
        NpgsqlConnection connection, string schema, CancellationToken cancellationToken) =>
        await ShardLock.TryTakeAsync(
            connection,
            await connection.ScalarAsync<long>($"SELECT {Key}", cancellationToken, schema),
            cancellationToken);

    /// <summary>Takes the lock until the transaction ends; false when somebody else has it.</summary>
    public static Task<bool> TryTakeForTransactionAsync(
        NpgsqlConnection connection, string schema, CancellationToken cancellationToken) =>
        connection.ScalarAsync<bool>($"SELECT pg_try_advisory_xact_lock({Key})", cancellationToken, schema);
}
