using Chat.Domain.Rooms;
using Chat.EventStore;

namespace Chat.Projections.Rooms;

/// <summary>Each mute drops those of its room that are over.</summary>
internal static class MutesProjection
{
    private sealed record Mute(DateTime Until);

    public static void Apply(IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction)
    {
        var mutes = new RoomRows<Mute>(
            "mutes", "account_id", new RowColumn<Mute>("until", rows => rows.Select(row => row.Until).ToArray()));
        var pruned = new Dictionary<Guid, DateTime>();
        foreach (var stored in events)
        {
            switch (stored.Data)
            {
                case MemberMuted e:
                    var now = stored.Timestamp.UtcDateTime;
                    pruned[stored.StreamId] = now;
                    mutes.RemoveWhere(stored.StreamId, mute => mute.Until <= now);
                    mutes[stored.StreamId, e.MemberId] = new Mute(Sql.Stored(e.Until));
                    break;
                case MemberUnmuted e:
                    mutes[stored.StreamId, e.MemberId] = null;
                    break;
            }
        }

        if (pruned.Count > 0)
        {
            transaction.Enqueue(Sql.Command(
                $"""
                delete from {transaction.Schema}.mutes mute using unnest($1, $2) pruned (room_id, at)
                where mute.room_id = pruned.room_id and mute.until <= pruned.at
                """,
                pruned.Keys.ToArray(), pruned.Values.ToArray()));
        }

        mutes.Enqueue(transaction);
    }
}
