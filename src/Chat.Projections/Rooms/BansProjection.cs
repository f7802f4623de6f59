using Chat.Domain.Rooms;
using Chat.EventStore;

namespace Chat.Projections.Rooms;

internal static class BansProjection
{
    private sealed record Ban
    {
        public static readonly Ban Stands = new();
    }

    public static void Apply(IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction)
    {
        var bans = new RoomRows<Ban>("bans", "account_id");
        foreach (var stored in events)
        {
            if (stored.Data is MemberBanned banned)
                bans[stored.StreamId, banned.MemberId] = Ban.Stands;
            else if (stored.Data is MemberUnbanned unbanned)
                bans[stored.StreamId, unbanned.MemberId] = null;
        }

        bans.Enqueue(transaction);
    }
}
