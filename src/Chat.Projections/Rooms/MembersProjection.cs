using Chat.Domain.Rooms;
using Chat.EventStore;

namespace Chat.Projections.Rooms;

internal static class MembersProjection
{
    private sealed record Left(long Joined, long Floor, long Position);

    private sealed record Joined(RoomRole Role, DateTimeOffset At, long Position, long Floor);

    public static void Apply(IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction)
    {
        var members = new RoomRows<Joined>(
            "members", "account_id",
            new("role", rows => rows.Select(row => (short)row.Role).ToArray()),
            new("joined_at", rows => rows.Select(row => row.At.UtcDateTime).ToArray()),
            new("joined_position", rows => rows.Select(row => row.Position).ToArray()),
            new("floor", rows => rows.Select(row => row.Floor).ToArray()));
        var former = new RoomRows<Left>(
            "former_members", "account_id",
            new("joined_position", rows => rows.Select(row => row.Joined).ToArray()),
            new("floor", rows => rows.Select(row => row.Floor).ToArray()),
            new("left_position", rows => rows.Select(row => row.Position).ToArray()));
        // Of members from before these events.
        var left = new Dictionary<(Guid Room, Guid Account), long>();
        var roles = new Dictionary<(Guid Room, Guid Account), RoomRole>();
        foreach (var stored in events)
        {
            var room = stored.StreamId;
            switch (stored.Data)
            {
                case RoomCreated e:
                    var role = e.Kind == RoomKind.Direct ? RoomRole.Member : RoomRole.Owner;
                    members[room, e.CreatedBy] = new Joined(role, stored.Timestamp, stored.Version, Floor: 0);
                    break;
                case MemberJoined e:
                    members[room, e.MemberId] = new Joined(
                        RoomRole.Member, stored.Timestamp, stored.Version,
                        Floor: e.HistoryHidden ? stored.Version - 1 : 0);
                    break;
                case MemberRoleChanged e when members[room, e.MemberId] is { } joined:
                    members[room, e.MemberId] = joined with { Role = e.Role };
                    break;
                case MemberRoleChanged e:
                    roles[(room, e.MemberId)] = e.Role;
                    break;
                case RoomEvent e when WhoIsOut(e) is { } gone:
                    if (members[room, gone] is { } was)
                        former[room, gone] = new Left(was.Position, was.Floor, stored.Version);
                    else
                        left.TryAdd((room, gone), stored.Version);
                    members[room, gone] = null;
                    roles.Remove((room, gone));
                    break;
            }
        }

        // Who is put out need not have been in: the room counts those who are deleted.
        members.Enqueue(transaction, delete => Sql.Command(
            $"""
            with gone as ({delete}), former as (
                insert into {transaction.Schema}.former_members as old
                    (room_id, account_id, joined_position, floor, left_position)
                select gone.room_id, gone.account_id, gone.joined_position, gone.floor, went.position
                from gone join unnest($3, $4, $5) went (room_id, account_id, position) using (room_id, account_id)
                on conflict (room_id, account_id) do update set
                    joined_position = excluded.joined_position, floor = excluded.floor,
                    left_position = excluded.left_position
            )
            update {transaction.Schema}.rooms room set member_count = room.member_count - gone.members
            from (select room_id, count(*)::int members from gone group by room_id) gone where room.id = gone.room_id
            """,
            left.Keys.Select(key => key.Room).ToArray(),
            left.Keys.Select(key => key.Account).ToArray(),
            left.Values.ToArray()));
        former.Enqueue(transaction);
        Count(members.Present.GroupBy(one => one.Room).ToDictionary(one => one.Key, one => one.Count()), transaction);
        SetRoles(roles, transaction);
    }

    /// <summary>Whom an event ends the membership or the invitation of.</summary>
    internal static Guid? WhoIsOut(RoomEvent @event) => @event switch
    {
        MemberLeft e => e.MemberId,
        MemberKicked e => e.MemberId,
        MemberBanned e => e.MemberId,
        _ => null,
    };

    private static void Count(Dictionary<Guid, int> joined, ProjectionTransaction transaction)
    {
        if (joined.Count == 0)
            return;
        transaction.Enqueue(Sql.Command(
            $"""
            update {transaction.Schema}.rooms room set member_count = room.member_count + joined.members
            from unnest($1, $2) joined (room_id, members) where room.id = joined.room_id
            """,
            joined.Keys.ToArray(), joined.Values.ToArray()));
    }

    private static void SetRoles(
        Dictionary<(Guid Room, Guid Account), RoomRole> roles, ProjectionTransaction transaction)
    {
        if (roles.Count == 0)
            return;
        transaction.Enqueue(Sql.Command(
            $"""
            update {transaction.Schema}.members member set role = change.role
            from unnest($1, $2, $3) change (room_id, account_id, role)
            where member.room_id = change.room_id and member.account_id = change.account_id
            """,
            roles.Keys.Select(key => key.Room).ToArray(),
            roles.Keys.Select(key => key.Account).ToArray(),
            roles.Values.Select(role => (short)role).ToArray()));
    }
}
