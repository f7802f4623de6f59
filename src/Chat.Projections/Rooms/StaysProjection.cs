using Chat.Domain.Rooms;
using Chat.EventStore;

namespace Chat.Projections.Rooms;

/// <summary>
/// Every stay of everybody in every room, also those that are over, by places in the whole log: who resumes from a
/// place of the log is told what happened in the rooms that they were in then.
/// </summary>
internal static class StaysProjection
{
    public static void Apply(IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction)
    {
        var begun = new List<Stay>();
        var open = new Dictionary<(Guid Room, Guid Account), Stay>();
        var ended = new Dictionary<(Guid Room, Guid Account), long>();
        foreach (var stored in events)
        {
            if (Entrant(stored.Data) is { } entrant)
            {
                var stay = new Stay(stored.StreamId, entrant, stored.Sequence);
                begun.Add(stay);
                open[(stay.Room, stay.Account)] = stay;
            }
            else if (stored.Data is RoomEvent e && MembersProjection.WhoIsOut(e) is { } leaver)
            {
                if (open.Remove((stored.StreamId, leaver), out var stay))
                    stay.Left = stored.Sequence;
                else
                    ended.TryAdd((stored.StreamId, leaver), stored.Sequence);
            }
        }

        if (ended.Count > 0)
        {
            transaction.Enqueue(Sql.Command(
                $"""
                update {transaction.Schema}.stays stay set left_sequence = ended.sequence
                from unnest($1, $2, $3) ended (room_id, account_id, sequence)
                where stay.account_id = ended.account_id and stay.room_id = ended.room_id and stay.left_sequence is null
                """,
                ended.Keys.Select(key => key.Room).ToArray(), ended.Keys.Select(key => key.Account).ToArray(),
                ended.Values.ToArray()));
        }

        if (begun.Count > 0)
        {
            transaction.Enqueue(Sql.Command(
                $"""
                insert into {transaction.Schema}.stays (account_id, room_id, joined_sequence, left_sequence)
                select * from unnest($1, $2, $3, $4)
                """,
                begun.Select(stay => stay.Account).ToArray(), begun.Select(stay => stay.Room).ToArray(),
                begun.Select(stay => stay.Joined).ToArray(), begun.Select(stay => stay.Left).ToArray()));
        }
    }

    private static Guid? Entrant(object data) => data switch
    {
        RoomCreated e => e.CreatedBy,
        MemberJoined e => e.MemberId,
        _ => null,
    };

    private sealed record Stay(Guid Room, Guid Account, long Joined)
    {
        public long? Left { get; set; }
    }
}
