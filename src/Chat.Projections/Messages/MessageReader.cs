using Chat.Domain.Messages;
using Npgsql;

namespace Chat.Projections.Messages;

/// <summary>A message as a page shows it.</summary>
/// <param name="ReplyCount">Messages of the thread that it begins, without deleted ones.</param>
public sealed record MessageRow(
    Guid Id, Guid RoomId, long Position, Guid AuthorId, string Text, DateTimeOffset SentAt, DateTimeOffset? EditedAt,
    DateTimeOffset? DeletedAt, Guid? ReplyToId, Guid? ThreadRootId, int ReplyCount, IReadOnlyList<Guid> MentionIds,
    bool MentionsRoom)
{
    /// <summary>The message as decisions see it, at its room's position in the same snapshot.</summary>
    public Message ToFact() => new(Id, RoomId, Position, AuthorId, SentAt, Text)
    {
        MentionIds = MentionIds,
        ThreadRootId = ThreadRootId,
        Deleted = DeletedAt is not null,
    };
}

/// <summary>A message, if it lies above the floor of whoever asks; the floor 0 hides nothing.</summary>
public readonly record struct MessageKey(Guid Id, long Floor);

/// <summary>The place of a message in its room's history.</summary>
public readonly record struct MessagePlace(Guid RoomId, long Position);

/// <summary>A message that is not as it was posted; null where it is gone.</summary>
public sealed record ChangedMessage(MessagePlace Place, MessageRow? Row);

public sealed class MessageReader(ReadSnapshot snapshot)
{
    private const string Columns =
        """
        message.id, message.room_id, message.position, message.author_id, message.text, message.sent_at,
        message.edited_at, message.deleted_at, message.reply_to_id, message.thread_root_id, message.reply_count,
        message.mention_ids, message.mentions_room
        """;

    public Task<List<MessageRow>> FindAsync(IReadOnlyList<MessageKey> keys, CancellationToken ct) =>
        snapshot.QueryAsync(
            $"""
             select {Columns} from unnest($1, $2) key (id, floor)
             join chat_read.messages message on message.id = key.id and message.position > key.floor
             """,
            Sql.Parameters(keys.Select(key => key.Id).ToArray(), keys.Select(key => key.Floor).ToArray()), Map, ct);

    /// <summary>
    /// Those of the messages posted at these places that are not as they were posted. Mostly there are few: who has the
    /// posts from the log need not be sent them again.
    /// </summary>
    public Task<List<ChangedMessage>> ChangedAsync(IReadOnlyList<MessagePlace> places, CancellationToken ct) =>
        snapshot.QueryAsync(
            $"""
             select {Columns}, key.room_id, key.position from unnest($1, $2) key (room_id, position)
             left join chat_read.messages message
                 on message.room_id = key.room_id and message.position = key.position
             where message.id is null or message.edited_at is not null or message.deleted_at is not null
                 or message.reply_count <> 0 or message.text = ''
             """,
            Sql.Parameters(
                places.Select(place => place.RoomId).ToArray(), places.Select(place => place.Position).ToArray()),
            row => new ChangedMessage(
                new MessagePlace(row.GetGuid(13), row.GetInt64(14)), row.IsDBNull(0) ? null : Map(row)),
            ct);

    /// <summary>
    /// The first or the last <paramref name="limit"/> messages of a room between two positions (both exclusive), in
    /// ascending order; nothing up to <paramref name="floor"/>. The primary key serves it from either end: the length
    /// of the history does not matter.
    /// </summary>
    public Task<Page<MessageRow>> PageAsync(
        Guid roomId, long floor, int limit, bool fromEnd, long? after, long? before, CancellationToken ct) =>
        PageAsync("room_id", roomId, floor, limit, fromEnd, after, before, ct);

    /// <summary>As <see cref="PageAsync(Guid, long, int, bool, long?, long?, CancellationToken)"/>, of the messages in
    /// a thread; the one that begins it is not among them.</summary>
    public Task<Page<MessageRow>> ThreadAsync(
        Guid rootId, long floor, int limit, bool fromEnd, long? after, long? before, CancellationToken ct) =>
        PageAsync("thread_root_id", rootId, floor, limit, fromEnd, after, before, ct);

    /// <summary>
    /// The position of a room's last message from before a moment; null where it has none. Looks only at those from
    /// before it, and at the first one after.
    /// </summary>
    public Task<long?> LastBeforeAsync(Guid roomId, DateTimeOffset moment, CancellationToken ct) =>
        snapshot.QueryFirstAsync<long?>(
            """
            select position from chat_read.messages
            where room_id = $1 and position < coalesce((
                select position from chat_read.messages where room_id = $1 and sent_at >= $2
                order by position limit 1), 9223372036854775807)
            order by position desc limit 1
            """,
            Sql.Parameters(roomId, moment.UtcDateTime), row => row.GetInt64(0), ct);

    private async Task<Page<MessageRow>> PageAsync(
        string column, Guid id, long floor, int limit, bool fromEnd, long? after, long? before, CancellationToken ct)
    {
        var low = Math.Clamp(after ?? floor, floor, long.MaxValue - 1);
        var high = before ?? long.MaxValue;
        var rows = await snapshot.QueryAsync(
            $"""
             select {Columns} from chat_read.messages message
             where message.{column} = $1 and message.position > $2 and message.position < $3
             order by message.position {(fromEnd ? "desc" : "asc")} limit $4
             """,
            Sql.Parameters(id, low, high, limit + 1), Map, ct);
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
                || after is not null && await AnyAsync(column, id, floor, firstPosition, ct),
            HasNext: !fromEnd && more
                || before is not null && await AnyAsync(column, id, Math.Max(lastPosition, floor), long.MaxValue, ct));
    }

    private async Task<bool> AnyAsync(string column, Guid id, long after, long before, CancellationToken ct) =>
        await snapshot.QueryFirstAsync(
            $"""
             select exists (
                 select from chat_read.messages where {column} = $1 and position > $2 and position < $3)
             """,
            Sql.Parameters(id, after, before), row => row.GetBoolean(0), ct);

    private static MessageRow Map(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetInt64(2), row.GetGuid(3), row.GetString(4), row.Time(5),
        row.TimeOrNull(6), row.TimeOrNull(7), row.GuidOrNull(8), row.GuidOrNull(9), row.GetInt32(10),
        row.IsDBNull(11) ? [] : row.GetFieldValue<Guid[]>(11), row.GetBoolean(12));
}
