using Chat.Domain.Accounts;
using Chat.Domain.Rooms;
using FluentValidation;

namespace Chat.Domain.Messages;

public sealed record AddReaction(Guid MessageId, Actor Reactor, string Emoji)
{
    public static readonly Refusal TooManyKinds =
        new("MESSAGE_REACTIONS_FULL", $"A message has at most {Reactions.KindsMax} different reactions.")
        {
            Field = "emoji",
        };

    /// <summary>
    /// Not what others do with an emoji that is there: a crowd that reacts with the same one is in nobody's way.
    /// </summary>
    public IReadOnlyList<string> RestsOn =>
    [
        Room.SettingsTag,
        Room.MemberTag(Reactor.Id),
        Room.MessageTag(MessageId),
        Room.ReactorTag(Reactor.Id),
        Room.KindsTag(MessageId),
    ];

    /// <summary>
    /// <paramref name="message"/>: the message; null when there is none. <paramref name="reactions"/>: its reactions,
    /// seen by the one who reacts.
    /// </summary>
    public Decision<RoomEvent> Decide(Room room, Message? message, Reactions reactions, DateTimeOffset now)
    {
        if (!room.Shows(message, Reactor))
            return Refusal.NotFound;
        if (room.Refuse(Permission.Post, Reactor, now) is { } refusal)
            return refusal;
        if (message.Deleted)
            return Message.IsDeleted;
        if (reactions.Own.Contains(Emoji))
            return Decision<RoomEvent>.Nothing;
        var isNewKind = !reactions.Counts.ContainsKey(Emoji);
        return isNewKind && reactions.Counts.Count >= Reactions.KindsMax
            ? TooManyKinds
            : new ReactionAdded(MessageId, Reactor.Id, Emoji, isNewKind);
    }

    public sealed class Validator : AbstractValidator<AddReaction>
    {
        public Validator() => RuleFor(command => command.Emoji).Must(Messages.Emoji.IsOne)
            .WithMessage("must be one emoji");
    }
}
