using Chat.Domain.Accounts;
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
public sealed record StandingRow(Guid AccountId, Guid RoomId, MemberRow? Membership, bool IsInvited, bool IsBanned);

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

    /// <summary>What each of these accounts is in the room beside it.</summary>
    public Task<List<StandingRow>> StandingsAsync(
        IReadOnlyList<(Guid AccountId, Guid RoomId)> keys, CancellationToken ct) => snapshot.QueryAsync(
            """
            select key.room_id, key.account_id, member.role, member.joined_at, member.joined_position, member.floor,
                mute.until, member.room_id is not null,
                exists (select from chat_read.invitations where room_id = key.room_id and account_id = key.account_id),
                exists (select from chat_read.bans where room_id = key.room_id and account_id = key.account_id)
            from unnest($1, $2) key (account_id, room_id)
            left join chat_read.members member
                on member.room_id = key.room_id and member.account_id = key.account_id
            left join chat_read.mutes mute on mute.room_id = key.room_id and mute.account_id = key.account_id
            """,
            Sql.Parameters(keys.Select(key => key.AccountId).ToArray(), keys.Select(key => key.RoomId).ToArray()),
            row => new StandingRow(
                row.GetGuid(1), row.GetGuid(0), row.GetBoolean(7) ? Map(row) : null, row.GetBoolean(8),
                row.GetBoolean(9)),
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

    /// <summary>Those of a room's members who are guests of the server.</summary>
    public Task<List<Guid>> GuestsAsync(Guid roomId, CancellationToken ct) => snapshot.QueryAsync(
        """
        select member.account_id
        from chat_read.members member join chat_read.accounts account on account.id = member.account_id
        where member.room_id = $1 and account.role = $2
        """,
        Sql.Parameters(roomId, (short)ServerRole.Guest), row => row.GetGuid(0), ct);

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

    /// <summary>Those of the pairs of people who share a room.</summary>
    public async Task<IReadOnlySet<(Guid AccountId, Guid OtherId)>> SharingRoomAsync(
        IReadOnlyList<(Guid AccountId, Guid OtherId)> pairs, CancellationToken ct) => (await snapshot.QueryAsync(
            """
            select pair.own, pair.other from unnest($1, $2) pair (own, other)
            where exists (
                select from chat_read.members own join chat_read.members theirs using (room_id)
                where own.account_id = pair.own and theirs.account_id = pair.other)
            """,
            Sql.Parameters(
                pairs.Select(pair => pair.AccountId).ToArray(), pairs.Select(pair => pair.OtherId).ToArray()),
            row => (row.GetGuid(0), row.GetGuid(1)), ct)).ToHashSet();

    private static MemberRow Map(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.Enum<RoomRole>(2), row.Time(3), row.GetInt64(4), row.GetInt64(5),
        row.TimeOrNull(6));
}
