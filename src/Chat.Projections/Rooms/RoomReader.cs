using Chat.Domain.Rooms;
using Npgsql;

namespace Chat.Projections.Rooms;

public sealed record RoomRow(
    Guid Id, RoomKind Kind, string Name, string Topic, RoomVisibility Visibility, bool Encrypted, bool Archived,
    DateTimeOffset CreatedAt, RoomSettings Settings, long ExpiredThrough, long Position, int MemberCount);

/// <summary>Where a page of the room list begins: after the room with this name and id.</summary>
public sealed record RoomListKey(string LowerName, Guid Id);

/// <summary>A room of the list, with the name by which it is sorted.</summary>
public sealed record ListedRoom(RoomRow Room, string LowerName);

public sealed class RoomReader(ReadSnapshot snapshot)
{
    private const string Columns =
        """
        id, kind, name, topic, visibility, encrypted, archived, created_at, slow_mode_seconds, members_can_invite,
        members_can_pin, guests_can_post, history_for_new_members, retention_days, expired_through, position,
        member_count
        """;

    public Task<List<RoomRow>> FindAsync(IReadOnlyList<Guid> ids, CancellationToken ct) => snapshot.QueryAsync(
        $"select {Columns} from chat_read.rooms where id = any($1)", Sql.Parameters(ids.ToArray()), Map, ct);

    /// <summary>Public rooms that are in use and all rooms of the account, by name.</summary>
    public async Task<Page<ListedRoom>> ListAsync(
        Guid accountId, string? search, int first, RoomListKey? after, CancellationToken ct)
    {
        var rows = await snapshot.QueryAsync(
            $"""
             select {Columns}, lower(name) from chat_read.rooms
             where (visibility = 0 and not archived
                 or exists (select from chat_read.members where room_id = rooms.id and account_id = $1))
               and ($2::text is null or name ilike $2)
               and ($3::text is null or (lower(name), id) > ($3, $4::uuid))
             order by lower(name), id limit $5
             """,
            Sql.Parameters(
                accountId, search is null ? null : Sql.Containing(search), after?.LowerName, after?.Id, first + 1),
            row => new ListedRoom(Map(row), row.GetString(17)),
            ct);
        return new Page<ListedRoom>(rows.Take(first).ToList(), after is not null, rows.Count > first);
    }

    /// <summary>Rooms that do not keep their messages for ever, by id, after one of them.</summary>
    public Task<List<Guid>> WithRetentionAsync(Guid? after, int limit, CancellationToken ct) => snapshot.QueryAsync(
        """
        select id from chat_read.rooms
        where retention_days is not null and ($1::uuid is null or id > $1) order by id limit $2
        """,
        Sql.Parameters(after, limit), row => row.GetGuid(0), ct);

    private static RoomRow Map(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.Enum<RoomKind>(1), row.GetString(2), row.GetString(3), row.Enum<RoomVisibility>(4),
        row.GetBoolean(5), row.GetBoolean(6), row.Time(7),
        new RoomSettings(
            row.GetInt32(8), row.GetBoolean(9), row.GetBoolean(10), row.GetBoolean(11), row.GetBoolean(12),
            row.IntOrNull(13)),
        row.GetInt64(14), row.GetInt64(15), row.GetInt32(16));
}
