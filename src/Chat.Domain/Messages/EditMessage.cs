using Chat.Domain.Accounts;
using Chat.Domain.Rooms;
using FluentValidation;

namespace Chat.Domain.Messages;

public sealed record EditMessage(Guid MessageId, Actor Editor, string Text)
{
    public static readonly Refusal NotAuthor = new("MESSAGE_NOT_AUTHOR", "Only the author can edit a message.");

    /// <summary>Null: the mentions stay as they are.</summary>
    public IReadOnlyList<Guid>? MentionIds { get; init; }

    public IReadOnlyList<string> RestsOn =>
    [
        Room.SettingsTag,
        Room.MemberTag(Editor.Id),
        Room.MessageTag(MessageId),
        .. (MentionIds ?? []).Distinct().Select(Room.MemberTag),
    ];

    /// <summary><paramref name="message"/>: the message; null when there is none.</summary>
    public Decision<RoomEvent> Decide(Room room, Message? message, DateTimeOffset now)
    {
        if (!room.Shows(message, Editor))
            return Refusal.NotFound;
        if (message.AuthorId != Editor.Id)
            return NotAuthor;
        if (room.Refuse(Permission.Post, Editor, now) is { } refusal)
            return refusal;
        if (message.Deleted)
            return Message.IsDeleted;
        var mentions = MentionIds ?? message.MentionIds;
        // A retry is normal: an edit that changes nothing succeeds and adds no event.
        if (Text == message.Text && mentions.ToHashSet().SetEquals(message.MentionIds))
            return Decision<RoomEvent>.Nothing;
        if (message.IsOlderThanOwnWindow(now))
            return Message.TooLate;
        if (MessageText.Refuse(room, Text) is { } unfit)
            return unfit;
        // Who was mentioned already may have left since.
        return mentions.Except(message.MentionIds).All(room.Members.ContainsKey)
            ? new MessageEdited(MessageId, Editor.Id, Text, MessageText.Stored(mentions))
            : MessageText.MentionNotMember;
    }

    public sealed class Validator : AbstractValidator<EditMessage>
    {
        public Validator()
        {
            RuleFor(command => command.Text).MessageTextOfAnyRoom();
            RuleFor(command => command.MentionIds!).Mentions().When(command => command.MentionIds is not null);
        }
    }
}
