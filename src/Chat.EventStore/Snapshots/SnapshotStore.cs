using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Chat.EventStore;

/// <summary>
/// States of streams, in a table of ours. A snapshot that does not fit is as good as none: one of another history of
/// the stream, one that this program cannot read, one whose subject was erased.
/// </summary>
internal sealed class SnapshotStore(
    NpgsqlDataSource dataSource, MartenTables tables, EventCodec codec, EventStoreOptions options)
{
    private const int GuidBytes = 16;

    private readonly string table = $"{options.ExtensionSchema}.snapshots";
    private readonly UnprotectedData unprotected = new(dataSource, tables, options);

    /// <summary>The snapshot; null when there is none that fits.</summary>
    public async Task<Snapshot<T>?> LoadAsync<T>(Guid streamId, CancellationToken cancellationToken)
        where T : class
    {
        var type = options.Snapshots.Of(typeof(T));
        if (await FindAsync(streamId, type, cancellationToken) is not { } found)
            return null;
        try
        {
            var contextId = ContextOf(streamId, type, found.Version);
            var state = await codec.DecodeStateAsync(type.Content, contextId, found.Json, cancellationToken);
            if (state is not null)
                return new(found.Version, (T)state);
        }
        catch (UnreadableEventException)
        {
            // The type has changed without its version, or a key is missing: the log has everything.
            return null;
        }

        await DeleteAsync(streamId, type, found.Version, cancellationToken);
        return null;
    }

    /// <summary>Saves a state unless one of a higher version is there.</summary>
    /// <returns>Whether it was saved.</returns>
    public async Task<bool> SaveAsync<T>(Guid streamId, Snapshot<T> snapshot, CancellationToken cancellationToken)
        where T : class
    {
        var type = options.Snapshots.Of(typeof(T));
        var subject = type.Content.PersonalData?.SubjectOf(snapshot.State);
        await unprotected.RefuseAsync(type, table, streamId, snapshot.Version, subject, cancellationToken);
        var json = await EncodeAsync(type, streamId, snapshot.Version, snapshot.State, cancellationToken);
        return await WriteAsync(type, streamId, snapshot.Version, subject, json, cancellationToken);
    }

    /// <summary>Saves a state that a fold came to, if it may be kept.</summary>
    public async Task TrySaveAsync<T>(Guid streamId, Snapshot<T> snapshot, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            await SaveAsync(streamId, snapshot, cancellationToken);
        }
        catch (SubjectErasedException)
        {
            // Nothing is kept for an erased subject; its stream is folded from the log each time.
            return;
        }
    }

    private async Task<byte[]> EncodeAsync(
        SnapshotType type, Guid streamId, long version, object state, CancellationToken cancellationToken)
    {
        byte[] json;
        try
        {
            (json, _) = await codec.EncodeAsync(
                type.Content, ContextOf(streamId, type, version), state, cancellationToken);
        }
        catch (InvalidEventException e)
        {
            throw new ArgumentException(
                $"The state {type.Name} of stream {streamId} cannot be written as JSON.", nameof(state), e);
        }

        return json.Length <= options.MaxSnapshotBytes
            ? json
            : throw new SnapshotTooLargeException(
                $"The state {type.Name} of stream {streamId} has {json.Length} bytes; at most"
                + $" {options.MaxSnapshotBytes} are stored.");
    }

    private async Task<(long Version, byte[] Json)?> FindAsync(
        Guid streamId, SnapshotType type, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            $"""
            SELECT s.version, s.state FROM {table} s
            JOIN {tables.Events} e ON e.stream_id = s.stream_id AND e.version = s.version AND e.id = s.event_id
            WHERE s.stream_id = $1 AND s.name = $2 AND s.schema_version = $3
            """);
        command.Parameters.Add(new() { Value = streamId });
        command.Parameters.Add(new() { Value = type.Name });
        command.Parameters.Add(new() { Value = type.SchemaVersion });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1))
            : null;
    }

    // A snapshot is derived, so its commit need not wait for the disk or the standbys, and a read that leaves one
    // behind does not hang on them. One of another history is overwritten whatever its version.
    private async Task<bool> WriteAsync(
        SnapshotType type,
        Guid streamId,
        long version,
        Guid? subject,
        byte[] json,
        CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new("SELECT set_config('synchronous_commit', 'off', true)"));
        batch.BatchCommands.Add(new($"SELECT id FROM {tables.Events} WHERE stream_id = $1 AND version = $2")
        {
            Parameters = { new() { Value = streamId }, new() { Value = version } },
        });
        batch.BatchCommands.Add(new(
            $"""
            INSERT INTO {table} AS held
                (stream_id, name, schema_version, version, event_id, subject, state, saved_at)
            SELECT $1, $3, $4, $2, e.id, $5, $6, $7 FROM {tables.Events} e WHERE e.stream_id = $1 AND e.version = $2
            ON CONFLICT (stream_id, name, schema_version) DO UPDATE SET
                version = excluded.version, event_id = excluded.event_id, subject = excluded.subject,
                state = excluded.state, saved_at = excluded.saved_at
            WHERE held.version <= excluded.version OR NOT EXISTS (
                SELECT 1 FROM {tables.Events} e
                WHERE e.stream_id = held.stream_id AND e.version = held.version AND e.id = held.event_id)
            RETURNING version
            """)
        {
            Parameters =
            {
                new() { Value = streamId },
                new() { Value = version },
                new() { Value = type.Name },
                new() { Value = type.SchemaVersion },
                new() { Value = (object?)subject ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
                new() { Value = json, NpgsqlDbType = NpgsqlDbType.Json },
                new() { Value = StoreClock.Now(options.Clock).UtcDateTime },
            },
        });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            throw new ArgumentOutOfRangeException(
                nameof(version), version, $"Stream {streamId} has no event of this version.");
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken);
    }

    private async Task DeleteAsync(
        Guid streamId, SnapshotType type, long version, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            $"DELETE FROM {table} WHERE stream_id = $1 AND name = $2 AND schema_version = $3 AND version = $4");
        command.Parameters.Add(new() { Value = streamId });
        command.Parameters.Add(new() { Value = type.Name });
        command.Parameters.Add(new() { Value = type.SchemaVersion });
        command.Parameters.Add(new() { Value = version });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // Encrypted values are bound to what they belong to: here to this snapshot, in the place of an event's id.
    private static Guid ContextOf(Guid streamId, SnapshotType type, long version)
    {
        Span<byte> place = stackalloc byte[sizeof(int) + sizeof(long)];
        BinaryPrimitives.WriteInt32BigEndian(place, type.SchemaVersion);
        BinaryPrimitives.WriteInt64BigEndian(place[sizeof(int)..], version);
        byte[] whole =
            [.. "snapshot"u8, .. streamId.ToByteArray(bigEndian: true), .. place, .. Encoding.UTF8.GetBytes(type.Name)];
        return new(SHA256.HashData(whole).AsSpan(0, GuidBytes), bigEndian: true);
    }
}
