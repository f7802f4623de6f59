using Npgsql;

namespace Chat.Projections.Messages;

public sealed record MessageRow(Guid Id, Guid RoomId, long Position, Guid AuthorId, string Text, DateTimeOffset SentAt);

public sealed class MessageReader(ReadSnapshot snapshot)
{
    private const string Columns = "id, room_id, position, author_id, text, sent_at";

    public Task<List<MessageRow>> FindAsync(IReadOnlyList<Guid> ids, CancellationToken ct) => snapshot.QueryAsync(
        $"select {Columns} from chat_read.messages where id = any($1)", Sql.Parameters(ids.ToArray()), Map, ct);

    /// <summary>
    /// The first or the last <paramref name="limit"/> messages between two positions (both exclusive), in ascending
    /// order. The primary key serves it from either end: the length of the history does not matter.
    /// </summary>
    public async Task<Page<MessageRow>> PageAsync(
        Guid roomId, int limit, bool fromEnd, long? after, long? before, CancellationToken ct)
    {
        var (low, high) = (Math.Min(after ?? 0, long.MaxValue - 1), before ?? long.MaxValue);
        var rows = await snapshot.QueryAsync(
            $"""
             select {Columns} from chat_read.messages where room_id = $1 and position > $2 and position < $3
             order by position {(fromEnd ? "desc" : "asc")} limit $4
             """,
            Sql.Parameters(roomId, low, high, limit + 1), Map, ct);
        var more = rows.Count > limit;
        if (more)
            rows.RemoveAt(limit);
        if (fromEnd)
            rows.Reverse();
        var firstPosition = rows.Count > 0 ? rows[0].Position : low + 1;
        var lastPosition = rows.Count > 0 ? rows[^1].Position : high - 1;
        return new Page<MessageRow>(
            rows,
            HasPrevious: fromEnd && more
                || after is not null && await AnyAsync(roomId, 0, firstPosition, ct),
            HasNext: !fromEnd && more
                || before is not null && await AnyAsync(roomId, lastPosition, long.MaxValue, ct));
    }

    private async Task<bool> AnyAsync(Guid roomId, long after, long before, CancellationToken ct) =>
        await snapshot.QueryFirstAsync(
            "select exists (select from chat_read.messages where room_id = $1 and position > $2 and position < $3)",
            Sql.Parameters(roomId, after, before), row => row.GetBoolean(0), ct);

    private static MessageRow Map(NpgsqlDataReader row) =>
        new(row.GetGuid(0), row.GetGuid(1), row.GetInt64(2), row.GetGuid(3), row.GetString(4), row.Time(5));
}
