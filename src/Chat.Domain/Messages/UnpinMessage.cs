using Chat.Domain.Accounts;
using Chat.Domain.Rooms;

namespace Chat.Domain.Messages;

public sealed record UnpinMessage(Guid MessageId, Actor Pinner)
{
    public IReadOnlyList<string> RestsOn => [Room.SettingsTag, Room.PinsTag, Room.MemberTag(Pinner.Id)];

    /// <summary><paramref name="message"/>: the message; null when there is none.</summary>
    public Decision<RoomEvent> Decide(Room room, Message? message, DateTimeOffset now) => room switch
    {
        _ when !room.Shows(message, Pinner) => Refusal.NotFound,
        _ when room.Refuse(Permission.Pin, Pinner, now) is { } refusal => refusal,
        _ when !room.Pins.ContainsKey(MessageId) => Decision<RoomEvent>.Nothing,
        _ => new MessageUnpinned(MessageId),
    };
}
