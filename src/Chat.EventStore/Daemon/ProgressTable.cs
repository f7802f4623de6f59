using Npgsql;

namespace Chat.EventStore;

/// <summary>The row of a projection in Marten's progress table.</summary>
internal sealed class ProgressTable(EventStoreOptions options, string identity)
{
    private const string Moved = "CE001";

    private readonly string table = new MartenTables(options.Schema).Progression;
    private readonly string advance = $"{options.ExtensionSchema}.advance_projection";

    /// <summary>Whether an error says that the progress was not where it should have been.</summary>
    public static bool HasMoved(PostgresException e) => e.SqlState == Moved;

    /// <summary>The position; 0 when there is no row yet.</summary>
    public async Task<long> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT last_seq_id FROM {table} WHERE name = $1", connection)
        {
            Parameters = { new() { Value = identity } },
        };
        return await command.ExecuteScalarAsync(cancellationToken) as long? ?? 0;
    }

    /// <summary>The position; the row is made where it is missing.</summary>
    public async Task<long> EnsureAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            INSERT INTO {table} (name, last_seq_id, last_updated) VALUES ($1, 0, transaction_timestamp())
            ON CONFLICT (name) DO NOTHING
            """,
            connection)
        {
            Parameters = { new() { Value = identity } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
        return await ReadAsync(connection, cancellationToken);
    }

    /// <summary>
    /// Moves the position at the end of the transaction's commands, if it stands where the caller left it. The statement
    /// fails otherwise, and the transaction with it.
    /// </summary>
    public NpgsqlBatchCommand Advance(long floor, long ceiling) => new(
        $"SELECT {advance}($1, $2, $3)")
    {
        Parameters = { new() { Value = identity }, new() { Value = floor }, new() { Value = ceiling } },
    };
}

/// <summary>The progress of a projection is not where its owner left it.</summary>
public sealed class ProgressMovedException(string identity, long floor, Exception? inner = null)
    : Exception($"The progress of {identity} is no longer {floor}: another process moved it.", inner);
