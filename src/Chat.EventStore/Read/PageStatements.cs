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
    public string StreamPageSql(StreamQuery query)
    {
        var next = 5;
        var sql = new StringBuilder(
            $"SELECT {StreamColumns} FROM {tables.Events} WHERE stream_id = $1 AND version >= $2 AND version <= $3");
        if (query.AsOf is not null)
            sql.Append(Invariant($" AND timestamp <= ${next++}"));
        if (query.EventTypeNames is not null)
            sql.Append(Invariant($" AND type = ANY (${next})"));
        return sql.Append(Invariant($" ORDER BY version{(query.Backwards ? " DESC" : "")} LIMIT $4")).ToString();
    }

    /// <summary>$1 and $2 sequences, $3 limit.</summary>
    public string GlobalPageSql() =>
        $"SELECT {Columns} FROM {tables.Events} WHERE seq_id > $1 AND seq_id <= $2 ORDER BY seq_id LIMIT $3";

    /// <summary>
    /// $1 and $2 sequences, $3 limit, $4 types. One index range for each type, at most a page long, of which the first
    /// page is fetched: it costs the same whether the types are rare or common. "type = any of these" would be sorted
    /// where they are common and searched through from end to end where they are rare, and so would "type = this one"
    /// under a plan made for any type. Rows are compared as pairs because only the index by type and sequence serves
    /// that: a plan cannot choose another.
    /// </summary>
    public string TypesPageSql() =>
        $"""
        SELECT {Columns} FROM {tables.Events} WHERE seq_id = ANY (ARRAY(
            SELECT found.seq_id FROM unnest($4::text[]) AS wanted (name) CROSS JOIN LATERAL (
                SELECT e.seq_id FROM {tables.Events} e
                WHERE (e.type, e.seq_id) > (wanted.name, $1::bigint) AND (e.type, e.seq_id) <= (wanted.name, $2::bigint)
                ORDER BY e.type, e.seq_id LIMIT $3) found
            ORDER BY found.seq_id LIMIT $3))
        ORDER BY seq_id
        """;

    public NpgsqlCommand StreamPage(Guid streamId, StreamQuery query, (long From, long To) versions, int limit)
    {
        var command = dataSource.CreateCommand(StreamPageSql(query));
        command.Parameters.Add(new() { Value = streamId });
        command.Parameters.Add(new() { Value = versions.From });
        command.Parameters.Add(new() { Value = versions.To });
        command.Parameters.Add(new() { Value = limit });
        if (query.AsOf is { } time)
            command.Parameters.Add(new() { Value = time.UtcDateTime });
        if (query.EventTypeNames is { } names)
            command.Parameters.Add(TextArray([.. names]));
        return command;
    }

    public NpgsqlCommand GlobalPage(long after, long through, string[]? types, int limit)
    {
        var command = dataSource.CreateCommand(types is null ? GlobalPageSql() : TypesPageSql());
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = through });
        command.Parameters.Add(new() { Value = limit });
        if (types is not null)
            command.Parameters.Add(TextArray(types));
        return command;
    }

    private static NpgsqlParameter TextArray(string[] values) =>
        new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}
