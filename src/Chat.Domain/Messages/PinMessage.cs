using Chat.Domain.Accounts;
using Chat.Domain.Rooms;

namespace Chat.Domain.Messages;

public sealed record PinMessage(Guid MessageId, Actor Pinner)
{
    /// <summary>Pinned messages of one room.</summary>
    public const int PinsMax = 50;

    public static readonly Refusal TooMany =
        new("ROOM_PINS_FULL", $"A room has at most {PinsMax} pinned messages: unpin one first.");

    public IReadOnlyList<string> RestsOn =>
        [Room.SettingsTag, Room.PinsTag, Room.MemberTag(Pinner.Id), Room.MessageTag(MessageId)];

    /// <summary><paramref name="message"/>: the message; null when there is none.</summary>
    public Decision<RoomEvent> Decide(Room room, Message? message, DateTimeOffset now)
    {
        if (!room.Shows(message, Pinner))
            return Refusal.NotFound;
        if (room.Refuse(Permission.Pin, Pinner, now) is { } refusal)
            return refusal;
        if (message.Deleted)
            return Message.IsDeleted;
        if (room.Pins.ContainsKey(MessageId))
            return Decision<RoomEvent>.Nothing;
        return room.Pins.Count >= PinsMax ? TooMany : new MessagePinned(MessageId, message.Position);
    }
}
