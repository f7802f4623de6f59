using Npgsql;
using NpgsqlTypes;

namespace Chat.EventStore;

/// <summary>
/// In which shards a projection's progress is kept. Whoever wants to own a shard first brings the rows to the number of
/// shards that this process runs, in one transaction and never so that an event is lost or applied twice.
/// </summary>
internal sealed class ShardLayout(EventStoreOptions options, ProjectionOptions limits, Shard shard)
{
    private readonly MartenTables tables = new(options.Schema);
    private readonly ProgressTable table = new(options, shard.Name);
    private readonly string shardsTable = $"{options.ExtensionSchema}.projection_shards";

    /// <summary>
    /// Makes the caller, who holds the shard's lock, its owner; null when shards of another number are still at work.
    /// </summary>
    /// <exception cref="ShardingChangedException">The progress cannot be carried over.</exception>
    public async Task<StoredProgress?> ClaimAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, "SET LOCAL synchronous_commit = off", cancellationToken);

        // Two processes that disagree on the number of shards must not both make rows.
        await LockAsync(connection, options, shard.Projection, cancellationToken);
        var rows = await RowsAsync(connection, cancellationToken);
        if (rows.Count == 0)
            await MakeAsync(connection, 0, Shard.AllOf(shard.Projection, shard.Count), cancellationToken);
        else if (!rows.TrueForAll(row => row.Shard.Count == shard.Count))
        {
            if (!await ReplaceAsync(connection, rows, cancellationToken))
                return null;
        }
        else if (rows.Count < shard.Count)
        {
            // Where the missing one was, nobody knows: its part of the model may hold all events or none.
            throw new ShardingChangedException(
                shard.Projection, shard.Count, $"there is only {string.Join(", ", rows.Select(Text))}");
        }

        var owned = await table.OwnAsync(connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return owned;
    }

    /// <summary>
    /// Held until the transaction ends: whoever changes which rows there are, or puts another model under them, does it
    /// alone. To be taken before any of the rows.
    /// </summary>
    public static Task LockAsync(
        NpgsqlConnection connection,
        EventStoreOptions options,
        string projection,
        CancellationToken cancellationToken) =>
        ExecuteAsync(
            connection,
            "SELECT pg_advisory_xact_lock($1)",
            cancellationToken,
            (long)MartenShardLock.KeyOf(options.Schema, $"{Shard.PrefixOf(projection)}shards"));

    /// <summary>The rows of the projection's shards, of whatever number.</summary>
    private async Task<List<(Shard Shard, long Position)>> RowsAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken, string held = "")
    {
        await using var command = new NpgsqlCommand(
            $"SELECT name, coalesce(last_seq_id, 0) FROM {tables.Progression} WHERE starts_with(name, $1) {held}",
            connection)
        {
            Parameters = { new() { Value = Shard.PrefixOf(shard.Projection) } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<(Shard, long)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (Shard.Parse(shard.Projection, reader.GetString(0)) is { } one)
                rows.Add((one, reader.GetInt64(1)));
        }

        return rows;
    }

    private async Task<bool> ReplaceAsync(
        NpgsqlConnection connection, List<(Shard Shard, long Position)> rows, CancellationToken cancellationToken)
    {
        var old = rows[0].Shard.Count == shard.Count ? rows[^1].Shard.Count : rows[0].Shard.Count;
        var oldShards = Shard.AllOf(shard.Projection, old);
        if (rows.Exists(row => row.Shard.Count != old) || rows.Count != old)
            throw new ShardingChangedException(
                shard.Projection, shard.Count, $"there is progress of {string.Join(", ", rows.Select(Text))}");
        foreach (var one in oldShards)
        {
            var key = (long)MartenShardLock.KeyOf(options.Schema, one.Name);
            var taken = await ScalarAsync(connection, "SELECT pg_try_advisory_xact_lock($1)", cancellationToken, key);
            if (taken is not true)
                return false;
        }

        // What was read before the locks were ours may have moved since. From here on it cannot.
        rows = await RowsAsync(connection, cancellationToken, "FOR UPDATE");
        if (rows.Count != old)
            return false;
        var position = rows.Max(row => row.Position);
        await ShouldStandAtAsync(position, rows, connection, cancellationToken);
        var names = rows.ConvertAll(row => row.Shard.Name);
        await ExecuteAsync(
            connection, $"DELETE FROM {tables.Progression} WHERE name = ANY ($1)", cancellationToken, names);
        await MakeAsync(connection, position, Shard.AllOf(shard.Projection, shard.Count), cancellationToken);

        // Which shard skipped what is not told apart any more, but the projection's count goes on.
        await ExecuteAsync(
            connection,
            $"""
            WITH counted AS (
                UPDATE {shardsTable} AS one
                SET dead_letters = 0,
                    failure = NULL, failing_sequence = NULL, failing_event = NULL, failing_type = NULL
                FROM {shardsTable} AS before
                WHERE one.name = before.name AND one.name = ANY ($1) RETURNING before.dead_letters)
            INSERT INTO {shardsTable} AS known (name, epoch, dead_letters)
            SELECT $2, 0, coalesce(sum(dead_letters), 0)::bigint FROM counted
            ON CONFLICT (name) DO UPDATE SET dead_letters = excluded.dead_letters
            """,
            cancellationToken,
            names,
            Shard.AllOf(shard.Projection, shard.Count)[0].Name);
        return true;
    }

    // A shard that stands behind another has in truth applied the same when nothing of its own lies in between.
    private async Task ShouldStandAtAsync(
        long position,
        List<(Shard Shard, long Position)> rows,
        NpgsqlConnection connection,
        CancellationToken cancellationToken)
    {
        var behind = rows.ToDictionary(row => row.Shard.Number, row => row.Position);
        var from = rows.Min(row => row.Position);
        if (from == position)
            return;
        await using var command = new NpgsqlCommand(
            $"""
            SELECT seq_id, stream_id FROM {tables.Events}
            WHERE seq_id > $1 AND seq_id <= $2 ORDER BY seq_id LIMIT $3
            """,
            connection)
        {
            Parameters =
            {
                new() { Value = from },
                new() { Value = position },
                new() { Value = (long)limits.ReshardScanEvents + 1 },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (seen, differs) = (0, false);
        while (await reader.ReadAsync(cancellationToken))
            differs |= ++seen > limits.ReshardScanEvents
                || behind[Shard.NumberOf(reader.GetGuid(1), rows.Count)] < reader.GetInt64(0);
        if (differs)
            throw new ShardingChangedException(
                shard.Projection, shard.Count, $"its shards stand apart: {string.Join(", ", rows.Select(Text))}");
    }

    private Task MakeAsync(
        NpgsqlConnection connection, long position, IEnumerable<Shard> made, CancellationToken cancellationToken) =>
        ExecuteAsync(
            connection,
            $"""
            INSERT INTO {tables.Progression} (name, last_seq_id, last_updated)
            SELECT unnest($1), $2, transaction_timestamp() ON CONFLICT (name) DO NOTHING
            """,
            cancellationToken,
            made.Select(one => one.Name).ToList(),
            position);

    private static string Text((Shard Shard, long Position) row) =>
        FormattableString.Invariant($"{row.Shard.Name} at {row.Position}");

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values) =>
        await ScalarAsync(connection, sql, cancellationToken, values);

    private static async Task<object?> ScalarAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(
                value is List<string>
                    ? new() { Value = value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text }
                    : new() { Value = value });
        }

        return await command.ExecuteScalarAsync(cancellationToken);
    }
}

/// <summary>
/// The number of a projection's shards was changed, and the progress of the old ones cannot be carried over: rebuild
/// the projection, or run it with the old number until all its shards stand at the same position.
/// </summary>
public sealed class ShardingChangedException(string projection, int shards, string reason)
    : Exception($"Projection {projection} cannot go on in {shards} shard(s): {reason}. It must be rebuilt.");
