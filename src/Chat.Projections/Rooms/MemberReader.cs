using Chat.Domain.Rooms;
using Npgsql;

namespace Chat.Projections.Rooms;

public sealed record MemberRow(
    Guid RoomId, Guid AccountId, RoomRole Role, DateTimeOffset JoinedAt, long JoinedPosition);

public sealed class MemberReader(ReadSnapshot snapshot)
{
    private const string Columns = "room_id, account_id, role, joined_at, joined_position";

    /// <summary>Everybody in a room: what a decision about it needs.</summary>
    public Task<List<MemberRow>> AllOfRoomAsync(Guid roomId, CancellationToken ct) => snapshot.QueryAsync(
        $"select {Columns} from chat_read.members where room_id = $1", Sql.Parameters(roomId), Map, ct);

    /// <summary>The account's own membership in each of these rooms, where it has one.</summary>
    public Task<List<MemberRow>> OfAccountAsync(
        Guid accountId, IReadOnlyList<Guid> roomIds, CancellationToken ct) => snapshot.QueryAsync(
            $"select {Columns} from chat_read.members where account_id = $1 and room_id = any($2)",
            Sql.Parameters(accountId, roomIds.ToArray()), Map, ct);

    /// <summary>All memberships of an account, oldest first, at most <paramref name="limit"/>.</summary>
    public Task<List<MemberRow>> OfAccountAsync(Guid accountId, int limit, CancellationToken ct) => snapshot.QueryAsync(
        $"select {Columns} from chat_read.members where account_id = $1 order by joined_at, room_id limit $2",
        Sql.Parameters(accountId, limit), Map, ct);

    /// <summary>A room's members in the order in which they joined, after a position of that order.</summary>
    public async Task<Page<MemberRow>> PageAsync(Guid roomId, int first, long after, CancellationToken ct)
    {
        var rows = await snapshot.QueryAsync(
            $"""
             select {Columns} from chat_read.members where room_id = $1 and joined_position > $2
             order by joined_position limit $3
             """,
            Sql.Parameters(roomId, after, first + 1), Map, ct);
        return new Page<MemberRow>(rows.Take(first).ToList(), after > 0, rows.Count > first);
    }

    private static MemberRow Map(NpgsqlDataReader row) =>
        new(row.GetGuid(0), row.GetGuid(1), row.Enum<RoomRole>(2), row.Time(3), row.GetInt64(4));
}
