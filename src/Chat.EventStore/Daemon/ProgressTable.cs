using Npgsql;

namespace Chat.EventStore;

/// <summary>The row of a projection in Marten's progress table.</summary>
internal sealed class ProgressTable(EventStoreOptions options, string identity)
{
    private readonly string table = new MartenTables(options.Schema).Progression;

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

    /// <summary>Moves the position inside the caller's transaction, if it stands where the caller left it.</summary>
    /// <exception cref="ProgressMovedException">
    /// Somebody else moved it: the transaction must not be committed.
    /// </exception>
    public async Task AdvanceAsync(
        NpgsqlConnection connection, long floor, long ceiling, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            UPDATE {table} SET last_seq_id = $3, last_updated = transaction_timestamp()
            WHERE name = $1 AND last_seq_id = $2
            """,
            connection)
        {
            Parameters = { new() { Value = identity }, new() { Value = floor }, new() { Value = ceiling } },
        };
        if (await command.ExecuteNonQueryAsync(cancellationToken) != 1)
            throw new ProgressMovedException(identity, floor);
    }
}

/// <summary>The progress of a projection is not where its owner left it.</summary>
public sealed class ProgressMovedException(string identity, long floor)
    : Exception($"The progress of {identity} is no longer {floor}: another process moved it.");
