using Npgsql;
using NpgsqlTypes;

namespace Chat.EventStore;

/// <summary>What a re-wrapping of data keys came to.</summary>
/// <param name="Rewrapped">Keys that are wrapped by the current master key now and were not before.</param>
/// <param name="Unopened">
/// Keys that stayed under another master key because that one is not configured, or does not open them. While there are
/// any, no master key may be removed.
/// </param>
public sealed record KeyRotationResult(long Rewrapped, long Unopened);

/// <summary>
/// Wraps data keys anew by the current master key. The data keys themselves stay, and so do the events and what other
/// processes hold in memory.
/// </summary>
internal sealed class KeyRotation(NpgsqlDataSource dataSource, EventStoreOptions options, KeyWrap wrap)
{
    private readonly string table = $"{options.ExtensionSchema}.data_keys";

    public async Task<KeyRotationResult> RunAsync(
        IProgress<KeyRotationResult>? progress, CancellationToken cancellationToken)
    {
        var result = new KeyRotationResult(0, 0);
        Guid? after = null;
        while (true)
        {
            var page = await ReadAsync(after, cancellationToken);
            if (page.Count == 0)
                return result;
            var opened = page.ConvertAll(Rewrapped).FindAll(key => key.Fresh.Length > 0);
            var written = opened.Count == 0 ? 0 : await WriteAsync(opened, cancellationToken);
            result = new(result.Rewrapped + written, result.Unopened + page.Count - opened.Count);
            progress?.Report(result);
            after = page[^1].Subject;
        }
    }

    private Rewrap Rewrapped(Rewrap key)
    {
        var opened = wrap.Unwrap(key.Old, key.Subject, key.MasterKey, id: default);
        return opened.Bytes is { } bytes
            ? key with { Fresh = wrap.Wrap(bytes, key.Subject, options.CurrentMasterKey) }
            : key;
    }

    private async Task<List<Rewrap>> ReadAsync(Guid? after, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            $"""
            SELECT subject, wrapped_key, master_key FROM {table}
            WHERE ($1 IS NULL OR subject > $1) AND master_key <> $2 AND wrapped_key IS NOT NULL
            ORDER BY subject LIMIT $3
            """);
        command.Parameters.Add(new() { Value = (object?)after ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = options.CurrentMasterKey });
        command.Parameters.Add(new() { Value = options.RewrapPageKeys });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var page = new List<Rewrap>();
        while (await reader.ReadAsync(cancellationToken))
            page.Add(new(reader.GetGuid(0), reader.GetFieldValue<byte[]>(1), reader.GetInt32(2), []));
        return page;
    }

    // An erased or otherwise changed key no longer is the one that was read, and is left alone. Rows are locked in the
    // order of subjects, so that two rotations cannot hold each other up for good. The commit must last: the old master
    // key may be thrown away after it.
    private async Task<int> WriteAsync(List<Rewrap> keys, CancellationToken cancellationToken)
    {
        await using var durable = await DurableConnection.OpenAsync(
            dataSource, options.Clock, options.AppendDeadline, cancellationToken);
        return await durable.CommitAsync(
            async connection =>
            {
                await using var command = new NpgsqlCommand(
                    $"""
                    WITH held AS MATERIALIZED (
                        SELECT subject FROM {table} WHERE subject = ANY ($1) ORDER BY subject FOR NO KEY UPDATE)
                    UPDATE {table} AS kept SET wrapped_key = given.fresh, master_key = $4
                    FROM held JOIN unnest($1, $2, $3) AS given (subject, old, fresh) USING (subject)
                    WHERE kept.subject = held.subject AND kept.wrapped_key = given.old
                    """,
                    connection)
                {
                    CommandTimeout = 0,
                    Parameters =
                    {
                        Array(NpgsqlDbType.Uuid, keys.ConvertAll(key => key.Subject)),
                        Array(NpgsqlDbType.Bytea, keys.ConvertAll(key => key.Old)),
                        Array(NpgsqlDbType.Bytea, keys.ConvertAll(key => key.Fresh)),
                        new() { Value = options.CurrentMasterKey },
                    },
                };
                return await command.ExecuteNonQueryAsync(CancellationToken.None);
            },
            options.AppendDeadline);
    }

    private static NpgsqlParameter Array<T>(NpgsqlDbType type, List<T> values) =>
        new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type };

    private readonly record struct Rewrap(Guid Subject, byte[] Old, int MasterKey, byte[] Fresh);
}
