using Chat.Domain.Accounts;
using Chat.Domain.Rooms;

namespace Chat.Domain.Messages;

public sealed record RemoveReaction(Guid MessageId, Actor Reactor, string Emoji)
{
    public IReadOnlyList<string> RestsOn =>
    [
        Room.SettingsTag,
        Room.MemberTag(Reactor.Id),
        Room.MessageTag(MessageId),
        Room.ReactorTag(Reactor.Id),
    ];

    /// <summary>
    /// <paramref name="message"/>: the message; null when there is none. <paramref name="reactions"/>: its reactions,
    /// seen by the one who takes one back.
    /// </summary>
    public Decision<RoomEvent> Decide(Room room, Message? message, Reactions reactions, DateTimeOffset now) =>
        room switch
        {
            _ when !room.Shows(message, Reactor) => Refusal.NotFound,
            _ when room.Refuse(Permission.Post, Reactor, now) is { } refusal => refusal,
            _ when !reactions.Own.Contains(Emoji) => Decision<RoomEvent>.Nothing,
            _ => new ReactionRemoved(MessageId, Reactor.Id, Emoji),
        };
}
