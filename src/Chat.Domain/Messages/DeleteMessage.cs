using Chat.Domain.Accounts;
using Chat.Domain.Rooms;
using FluentValidation;

namespace Chat.Domain.Messages;

/// <summary>Deletes one's own message, or as a moderator that of somebody with a lower role.</summary>
public sealed record DeleteMessage(Guid MessageId, Actor Deleter, string? Reason)
{
    /// <summary><paramref name="message"/>: the message; null when there is none.</summary>
    public IReadOnlyList<string> RestsOn(Message? message) =>
    [
        Room.SettingsTag,
        Room.PinsTag,
        Room.MemberTag(Deleter.Id),
        Room.MessageTag(MessageId),
        .. message is null ? Array.Empty<string>() : [Room.MemberTag(message.AuthorId)],
    ];

    /// <summary><paramref name="message"/>: the message; null when there is none.</summary>
    public Decision<RoomEvent> Decide(Room room, Message? message, DateTimeOffset now)
    {
        if (!room.Shows(message, Deleter))
            return Refusal.NotFound;
        var isOwn = message.AuthorId == Deleter.Id;
        if (room.Refuse(isOwn ? Permission.Post : Permission.Moderate, Deleter, now) is { } refusal)
            return refusal;
        if (!isOwn && !room.Outranks(Deleter, message.AuthorId))
            return Room.NotLower;
        if (message.Deleted)
            return Decision<RoomEvent>.Nothing;
        if (isOwn && message.IsOlderThanOwnWindow(now))
            return Message.TooLate;
        var deleted = new MessageDeleted(MessageId, Deleter.Id, Reason);
        return room.Pins.ContainsKey(MessageId)
            ? Decision<RoomEvent>.Of(new MessageUnpinned(MessageId), deleted)
            : deleted;
    }

    public sealed class Validator : AbstractValidator<DeleteMessage>
    {
        public Validator() =>
            RuleFor(command => command.Reason!).Reason().When(command => command.Reason is not null);
    }
}
