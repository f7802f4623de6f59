using Chat.Domain.Rooms;
using Npgsql;

namespace Chat.Projections.Rooms;

/// <summary>Somebody who is in a room.</summary>
/// <param name="MutedUntil">The end of a mute, which may have passed.</param>
/// <param name="Floor">The last position that the member does not see.</param>
public sealed record MemberRow(
    Guid RoomId, Guid AccountId, RoomRole Role, DateTimeOffset JoinedAt, long JoinedPosition, long Floor,
    DateTimeOffset? MutedUntil);

/// <summary>What somebody is in a room; the membership is null for who is not in it.</summary>
public sealed record StandingRow(Guid RoomId, MemberRow? Membership, bool IsInvited, bool IsBanned);

/// <summary>The last time that somebody was in a room, up to the event that ended it.</summary>
public sealed record FormerMemberRow(Guid RoomId, Guid AccountId, long JoinedPosition, long Floor, long LeftPosition);

public sealed class MemberReader(ReadSnapshot snapshot)
{
    private const string Select =
        """
        select member.room_id, member.account_id, member.role, member.joined_at, member.joined_position, member.floor,
            mute.until
        from chat_read.members member left join chat_read.mutes mute using (room_id, account_id)
        """;

    /// <summary>The account's own membership in each of these rooms, where it has one.</summary>
    public Task<List<MemberRow>> OfAccountAsync(
        Guid accountId, IReadOnlyList<Guid> roomIds, CancellationToken ct) => snapshot.QueryAsync(
            $"{Select} where member.account_id = $1 and member.room_id = any($2)",
            Sql.Parameters(accountId, roomIds.ToArray()), Map, ct);

    /// <summary>What an account is in each of these rooms.</summary>
    public Task<List<StandingRow>> StandingsAsync(
        Guid accountId, IReadOnlyList<Guid> roomIds, CancellationToken ct) => snapshot.QueryAsync(
            """
            select room.id, member.account_id, member.role, member.joined_at, member.joined_position, member.floor,
                mute.until,
                exists (select from chat_read.invitations where room_id = room.id and account_id = $1),
                exists (select from chat_read.bans where room_id = room.id and account_id = $1)
            from unnest($2) room (id)
            left join chat_read.members member on member.room_id = room.id and member.account_id = $1
            left join chat_read.mutes mute on mute.room_id = room.id and mute.account_id = $1
            """,
            Sql.Parameters(accountId, roomIds.ToArray()),
            row => new StandingRow(
                row.GetGuid(0), row.IsDBNull(1) ? null : Map(row), row.GetBoolean(7), row.GetBoolean(8)),
            ct);

    /// <summary>All memberships of an account, oldest first, at most <paramref name="limit"/>.</summary>
    public Task<List<MemberRow>> OfAccountAsync(Guid accountId, int limit, CancellationToken ct) => snapshot.QueryAsync(
        $"{Select} where member.account_id = $1 order by member.joined_at, member.room_id limit $2",
        Sql.Parameters(accountId, limit), Map, ct);

    /// <summary>When the account was last in a room before; null where it has never left it.</summary>
    public Task<FormerMemberRow?> FormerAsync(Guid accountId, Guid roomId, CancellationToken ct) =>
        snapshot.QueryFirstAsync(
            """
            select room_id, account_id, joined_position, floor, left_position from chat_read.former_members
            where room_id = $1 and account_id = $2
            """,
            Sql.Parameters(roomId, accountId),
            row => new FormerMemberRow(
                row.GetGuid(0), row.GetGuid(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)),
            ct);

    /// <summary>These people's memberships in a room, where they have one.</summary>
    public Task<List<MemberRow>> OfRoomAsync(
        Guid roomId, IReadOnlyList<Guid> accountIds, CancellationToken ct) => snapshot.QueryAsync(
            $"{Select} where member.room_id = $1 and member.account_id = any($2)",
            Sql.Parameters(roomId, accountIds.ToArray()), Map, ct);

    /// <summary>A room's members in the order in which they joined, after a position of that order.</summary>
    public async Task<Page<MemberRow>> PageAsync(Guid roomId, int first, long after, CancellationToken ct)
    {
        var rows = await snapshot.QueryAsync(
            $"""
             {Select} where member.room_id = $1 and member.joined_position > $2
             order by member.joined_position limit $3
             """,
            Sql.Parameters(roomId, after, first + 1), Map, ct);
        return new Page<MemberRow>(rows.Take(first).ToList(), after > 0, rows.Count > first);
    }

    /// <summary>Which of these people share a room with the account.</summary>
    public async Task<IReadOnlySet<Guid>> SharingRoomAsync(
        Guid accountId, IReadOnlyList<Guid> others, CancellationToken ct) => (await snapshot.QueryAsync(
            """
            select other.id from unnest($2) other (id)
            where exists (
                select from chat_read.members own join chat_read.members theirs using (room_id)
                where own.account_id = $1 and theirs.account_id = other.id)
            """,
            Sql.Parameters(accountId, others.ToArray()), row => row.GetGuid(0), ct)).ToHashSet();

    private static MemberRow Map(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.Enum<RoomRole>(2), row.Time(3), row.GetInt64(4), row.GetInt64(5),
        row.TimeOrNull(6));
}
