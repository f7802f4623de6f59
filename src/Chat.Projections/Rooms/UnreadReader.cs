using Npgsql;

namespace Chat.Projections.Rooms;

/// <summary>How far a member has read in a room, and what is left (docs/adr/0012-unread-counts.md).</summary>
public sealed record UnreadRow(
    Guid AccountId, Guid RoomId, long LastRead, NotifyLevel Notify, int Unread, int Mentions);

public sealed class UnreadReader(ReadSnapshot snapshot)
{
    // Counted by subtraction of ordinals: of the first messages above the base, of anybody and of the member. Only what
    // is deleted and who is mentioned is counted one by one, from indexes that hold nothing else.
    private const string Counts =
        """
        select member.account_id, member.room_id, coalesce(state.last_read, 0), coalesce(state.notify, 0::smallint),
            coalesce(room.message_count - above.ordinal + 1, 0)
                - coalesce(own.last - own.first + 1, 0)
                - (select count(*) from chat_read.messages deleted
                    where deleted.room_id = member.room_id and deleted.position > base.position
                        and deleted.deleted_at is not null and deleted.author_id <> member.account_id),
            (select count(*) from (
                select mention.position from chat_read.mentions mention
                where mention.account_id = member.account_id and mention.room_id = member.room_id
                    and mention.position > greatest(base.position, member.joined_position)
                union
                select message.position from chat_read.messages message
                where message.room_id = member.room_id
                    and message.position > greatest(base.position, member.joined_position)
                    and message.mentions_room and message.deleted_at is null
                    and message.author_id <> member.account_id
            ) mentioned)
        from chat_read.members member
        join chat_read.rooms room on room.id = member.room_id
        left join chat_state.members state
            on state.account_id = member.account_id and state.room_id = member.room_id
        cross join lateral (
            select greatest(coalesce(state.last_read, 0), member.floor, room.expired_through) position
        ) base
        left join lateral (
            select message.ordinal from chat_read.messages message
            where message.room_id = member.room_id and message.position > base.position
            order by message.position limit 1
        ) above on true
        cross join lateral (
            select (
                select message.author_ordinal from chat_read.messages message
                where message.author_id = member.account_id and message.room_id = member.room_id
                    and message.position > base.position
                order by message.position limit 1
            ) first, (
                select message.author_ordinal from chat_read.messages message
                where message.author_id = member.account_id and message.room_id = member.room_id
                    and message.position > base.position
                order by message.position desc limit 1
            ) last
        ) own
        """;

    /// <summary>What is left for each of these members.</summary>
    public Task<List<UnreadRow>> OfMembersAsync(
        IReadOnlyList<(Guid AccountId, Guid RoomId)> members, CancellationToken ct) => snapshot.QueryAsync(
            $"{Counts} where (member.account_id, member.room_id) in (select * from unnest($1, $2))",
            Sql.Parameters(members.Select(one => one.AccountId).ToArray(), members.Select(one => one.RoomId).ToArray()),
            Map, ct);

    /// <summary>What is left for an account in all of its rooms together.</summary>
    public async Task<(int Unread, int Mentions)> TotalAsync(Guid accountId, CancellationToken ct)
    {
        var rows = await snapshot.QueryAsync(
            $"{Counts} where member.account_id = $1", Sql.Parameters(accountId), Map, ct);
        return (rows.Sum(row => row.Unread), rows.Sum(row => row.Mentions));
    }

    private static UnreadRow Map(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetInt64(2), row.Enum<NotifyLevel>(3), (int)row.GetInt64(4),
        (int)row.GetInt64(5));
}
