using Chat.Domain.Rooms;
using Chat.EventStore;
using Npgsql;

namespace Chat.Projections.Rooms;

internal static class MembersProjection
{
    private sealed record Joined(RoomRole Role, DateTimeOffset At, long Position);

    public static void Apply(IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction)
    {
        // The last event of the page about a person in a room says whether they are in. Null: they left.
        var last = new Dictionary<(Guid Room, Guid Account), Joined?>();
        foreach (var stored in events)
        {
            switch (stored.Data)
            {
                case RoomCreated e:
                    last[(stored.StreamId, e.CreatedBy)] = new Joined(RoomRole.Owner, stored.Timestamp, stored.Version);
                    break;
                case MemberJoined e:
                    last[(stored.StreamId, e.MemberId)] = new Joined(RoomRole.Member, stored.Timestamp, stored.Version);
                    break;
                case MemberLeft e:
                    last[(stored.StreamId, e.MemberId)] = null;
                    break;
            }
        }

        if (last.Count == 0)
            return;
        transaction.Enqueue(Delete(transaction.Schema, [.. last.Keys]));
        var present = last.Where(entry => entry.Value is not null).ToList();
        if (present.Count > 0)
            transaction.Enqueue(Insert(transaction.Schema, present));
    }

    private static NpgsqlBatchCommand Delete(
        string schema, IReadOnlyList<(Guid Room, Guid Account)> keys) => Sql.Command(
        $"""
        delete from {schema}.members member using unnest($1, $2) gone (room_id, account_id)
        where member.room_id = gone.room_id and member.account_id = gone.account_id
        """,
        keys.Select(key => key.Room).ToArray(),
        keys.Select(key => key.Account).ToArray());

    private static NpgsqlBatchCommand Insert(
        string schema, IReadOnlyList<KeyValuePair<(Guid Room, Guid Account), Joined?>> present) => Sql.Command(
            $"""
            insert into {schema}.members (room_id, account_id, role, joined_at, joined_position)
            select * from unnest($1, $2, $3, $4, $5)
            """,
            present.Select(entry => entry.Key.Room).ToArray(),
            present.Select(entry => entry.Key.Account).ToArray(),
            present.Select(entry => (short)entry.Value!.Role).ToArray(),
            present.Select(entry => entry.Value!.At.UtcDateTime).ToArray(),
            present.Select(entry => entry.Value!.Position).ToArray());
}
