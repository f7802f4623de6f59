using Chat.Domain.Messages;
using Chat.EventStore;

namespace Chat.Projections.Rooms;

internal static class PinsProjection
{
    private sealed record Pin(long Position);

    public static void Apply(IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction)
    {
        var pins = new RoomRows<Pin>(
            "pins", "message_id",
            new RowColumn<Pin>("position", rows => rows.Select(row => row.Position).ToArray()));
        foreach (var stored in events)
        {
            if (stored.Data is MessagePinned pinned)
                pins[stored.StreamId, pinned.MessageId] = new Pin(pinned.Position);
            else if (stored.Data is MessageUnpinned unpinned)
                pins[stored.StreamId, unpinned.MessageId] = null;
        }

        pins.Enqueue(transaction);
    }
}
