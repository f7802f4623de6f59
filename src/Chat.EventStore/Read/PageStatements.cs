using System.Text;
using Npgsql;
using NpgsqlTypes;
using static System.FormattableString;

namespace Chat.EventStore;

/// <summary>
/// The statements that read one page. Each walks an index from where the page before ended, so a page costs the same
/// wherever it is.
/// </summary>
internal sealed class PageStatements(NpgsqlDataSource dataSource, MartenTables tables)
{
    // The stream's id is known to who reads a stream, so it comes last and is left out there.
    private const string StreamColumns =
        "seq_id, id, version, type, data, timestamp, correlation_id, causation_id, headers";

    private const string Columns = $"{StreamColumns}, stream_id";

    /// <summary>$1 stream, $2 and $3 versions, $4 limit, then what the query asks for.</summary>
    /// <param name="query">The conditions; the versions are given apart.</param>
    /// <param name="withLast">Whether each row also says the last version of the stream.</param>
    public string StreamPageSql(StreamQuery query, bool withLast)
    {
        var next = 5;
        var sql = new StringBuilder($"SELECT {StreamColumns}");
        if (withLast)
            sql.Append(Invariant($", (SELECT s.version FROM {tables.Streams} s WHERE s.id = $1) AS last_version"));
        sql.Append(Invariant($" FROM {tables.Events} WHERE stream_id = $1 AND version >= $2 AND version <= $3"));
        if (query.AsOf is not null)
            sql.Append(Invariant($" AND timestamp <= ${next++}"));
        if (query.EventTypeNames is not null)
            sql.Append(Invariant($" AND type = ANY (${next})"));
        return sql.Append(Invariant($" ORDER BY version{(query.Backwards ? " DESC" : "")} LIMIT $4")).ToString();
    }

    /// <summary>
    /// $1 and $2 sequences, $3 limit, then one type each. One index range for each type, merged: PostgreSQL reads from
    /// each only as far as the page needs, whether the types are rare or common. A single range over "any of these
    /// types" would be sorted, or searched through from end to end for a rare one.
    /// </summary>
    /// <param name="types">How many types are asked for, at least one; null for all events.</param>
    public string GlobalPageSql(int? types)
    {
        var page = $"SELECT {Columns} FROM {tables.Events} WHERE seq_id > $1 AND seq_id <= $2";
        var ranges = types is { } count
            ? string.Join(" UNION ALL ", Enumerable.Range(4, count).Select(at => $"{page} AND type = ${at}"))
            : page;
        return $"{ranges} ORDER BY seq_id LIMIT $3";
    }

    public NpgsqlCommand StreamPage(
        Guid streamId, StreamQuery query, (long From, long To) versions, int limit, bool withLast)
    {
        var command = dataSource.CreateCommand(StreamPageSql(query, withLast));
        command.Parameters.Add(new() { Value = streamId });
        command.Parameters.Add(new() { Value = versions.From });
        command.Parameters.Add(new() { Value = versions.To });
        command.Parameters.Add(new() { Value = limit });
        if (query.AsOf is { } time)
            command.Parameters.Add(new() { Value = time.UtcDateTime });
        if (query.EventTypeNames is { } names)
            command.Parameters.Add(
                new() { Value = names.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        return command;
    }

    public NpgsqlCommand GlobalPage(long after, long through, string[]? types, int limit)
    {
        var command = dataSource.CreateCommand(GlobalPageSql(types?.Length));
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = through });
        command.Parameters.Add(new() { Value = limit });
        foreach (var type in types ?? [])
            command.Parameters.Add(new() { Value = type });
        return command;
    }
}
