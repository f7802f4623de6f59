using Npgsql;
using NpgsqlTypes;

namespace Chat.EventStore;

/// <summary>The rows of a shard: Marten's progress, and ours beside it.</summary>
internal sealed class ProgressTable(EventStoreOptions options, string identity)
{
    private const string Moved = "CE001";

    private readonly MartenTables tables = new(options.Schema);
    private readonly string shards = $"{options.ExtensionSchema}.projection_shards";
    private readonly string advance = $"{options.ExtensionSchema}.advance_projection";

    /// <summary>Whether an error says that the progress was not where it should have been.</summary>
    public static bool HasMoved(PostgresException e) => e.SqlState == Moved;

    /// <summary>The position; 0 when there is no row yet.</summary>
    public async Task<long> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT last_seq_id FROM {tables.Progression} WHERE name = $1", connection)
        {
            Parameters = { new() { Value = identity } },
        };
        return await command.ExecuteScalarAsync(cancellationToken) as long? ?? 0;
    }

    /// <summary>Becomes the owner: nobody who was it before can move the progress any more.</summary>
    public async Task<StoredProgress> OwnAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            INSERT INTO {shards} AS known (name, epoch, owner)
            VALUES ($1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, $2)
            ON CONFLICT (name)
            DO UPDATE SET epoch = greatest(known.epoch + 1, excluded.epoch), owner = excluded.owner
            RETURNING epoch, dead_letters, failure, failing_sequence, failing_event, failing_type
            """,
            connection)
        {
            Parameters = { new() { Value = identity }, new() { Value = options.NodeName } },
        };
        long epoch, deadLetters;
        FailingEvent? failing;
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            (epoch, deadLetters, failing) = (reader.GetInt64(0), reader.GetInt64(1), FailingEvent.Of(reader, 2));
        }

        var position = await ReadAsync(connection, cancellationToken);
        return new(position, epoch, options.NodeName, deadLetters, failing);
    }

    /// <summary>Checks that the server still answers and that nobody has moved the progress.</summary>
    /// <exception cref="ProgressMovedException">Somebody has, or owns it now.</exception>
    public async Task CheckAsync(
        NpgsqlConnection connection, long position, long epoch, TimeSpan patience, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT FROM {tables.Progression} JOIN {shards} ON {shards}.name = {tables.Progression}.name
            WHERE {shards}.name = $1 AND last_seq_id = $2 AND epoch = $3
            """,
            connection)
        {
            CommandTimeout = (int)Math.Ceiling(patience.TotalSeconds),
            Parameters = { new() { Value = identity }, new() { Value = position }, new() { Value = epoch } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            throw new ProgressMovedException(identity, position);
    }

    /// <summary>
    /// Moves the position at the end of the transaction's commands, if it stands where the caller left it, and the
    /// tables are of the version that it knows. The
    /// statement fails otherwise, and the transaction with it.
    /// </summary>
    /// <param name="floor">Where it stands.</param>
    /// <param name="ceiling">Where it goes.</param>
    /// <param name="epoch">The caller's ownership.</param>
    /// <param name="version">The version of the tables that the caller has written to.</param>
    public NpgsqlBatchCommand Advance(long floor, long ceiling, long epoch, int version) => new(
        $"SELECT {advance}($1, $2, $3, $4, $5)")
    {
        Parameters =
        {
            new() { Value = identity },
            new() { Value = floor },
            new() { Value = ceiling },
            new() { Value = epoch },
            new() { Value = version },
        },
    };

    /// <summary>
    /// Writes down at which event the shard is paused, or that it no longer is; nothing when the caller is not the
    /// owner any more.
    /// </summary>
    public NpgsqlBatchCommand Pause(FailingEvent? at, long epoch) => new(
        $"""
        UPDATE {shards} SET failure = $2, failing_sequence = $3, failing_event = $4, failing_type = $5
        WHERE name = $1 AND epoch = $6
        """)
    {
        Parameters =
        {
            new() { Value = identity },
            new() { Value = at?.Error ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            new() { Value = at?.Sequence ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
            new() { Value = at?.EventId ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
            new() { Value = at?.EventTypeName ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            new() { Value = epoch },
        },
    };
}

/// <summary>The progress of a projection is not where its owner left it.</summary>
public sealed class ProgressMovedException(string identity, long floor, Exception? inner = null)
    : Exception(
        FormattableString.Invariant($"The progress of {identity} is no longer {floor}: another process moved it."),
        inner);
