using Chat.Domain.Accounts;
using Chat.Domain.Rooms;
using FluentValidation;

namespace Chat.Domain.Messages;

public sealed record PostMessage(Guid MessageId, Actor Author, string Text)
{
    public static readonly Refusal NoSuchReply =
        new("NOT_FOUND", "The message that this replies to is not there.") { Field = "replyToId" };

    public static readonly Refusal NoSuchThread =
        new("NOT_FOUND", "The message that begins the thread is not there.") { Field = "threadRootId" };

    public static readonly Refusal NestedThread =
        new("MESSAGE_THREAD_NESTED", "A thread begins with a message that is in no thread itself.")
        {
            Field = "threadRootId",
        };

    public static readonly Refusal CannotMentionRoom =
        new("FORBIDDEN", "Only moderators mention the whole room.") { Field = "mentionsRoom" };

    public static readonly Refusal SlowMode =
        new("ROOM_SLOW_MODE", "The room is in slow mode: wait a little before your next message.");

    public Guid? ReplyToId { get; init; }

    public Guid? ThreadRootId { get; init; }

    public IReadOnlyList<Guid> MentionIds { get; init; } = [];

    public bool MentionsRoom { get; init; }

    /// <summary>
    /// Not the messages it replies to: where they are, and in which thread, never changes; to a deleted one people
    /// still reply.
    /// </summary>
    public IReadOnlyList<string> RestsOn(Room room) =>
    [
        Room.SettingsTag,
        Room.MemberTag(Author.Id),
        .. MentionIds.Distinct().Select(Room.MemberTag),
        .. IsSlowed(room) ? [Room.AuthorTag(Author.Id)] : Array.Empty<string>(),
    ];

    /// <summary>
    /// <paramref name="replyTo"/>: the message it replies to, if any is named; null when there is none.
    /// <paramref name="threadRoot"/>: the message that begins the thread, if any is named; null when there is none.
    /// </summary>
    public Decision<RoomEvent> Decide(Room room, Message? replyTo, Message? threadRoot, DateTimeOffset now) =>
        room switch
        {
            _ when room.Refuse(Permission.Post, Author, now) is { } refusal => refusal,
            _ when MessageText.Refuse(room, Text) is { } refusal => refusal,
            _ when ReplyToId is not null && !room.Shows(replyTo, Author) => NoSuchReply,
            _ when ThreadRootId is not null && !room.Shows(threadRoot, Author) => NoSuchThread,
            _ when threadRoot?.ThreadRootId is not null => NestedThread,
            _ when !MentionIds.All(room.Members.ContainsKey) => MessageText.MentionNotMember,
            _ when MentionsRoom && room.Refuse(Permission.MentionRoom, Author, now) is not null => CannotMentionRoom,
            _ when WaitOf(room, now) is { } wait && wait > TimeSpan.Zero => SlowMode with { RetryAfter = wait },
            _ => new MessagePosted(
                MessageId, Author.Id, Text, ReplyToId, ThreadRootId, MessageText.Stored(MentionIds), MentionsRoom,
                IsSlowed(room)),
        };

    /// <summary>Slow mode is for those who do not moderate.</summary>
    private bool IsSlowed(Room room) =>
        room.Settings.SlowModeSeconds > 0
        && room.Members.GetValueOrDefault(Author.Id)?.Role == RoomRole.Member;

    private TimeSpan? WaitOf(Room room, DateTimeOffset now) =>
        IsSlowed(room) && room.SlowPosts.TryGetValue(Author.Id, out var last)
            ? last.AddSeconds(room.Settings.SlowModeSeconds) - now
            : null;

    public sealed class Validator : AbstractValidator<PostMessage>
    {
        public Validator()
        {
            RuleFor(command => command.Text).MessageTextOfAnyRoom();
            RuleFor(command => command.MentionIds).Mentions();
        }
    }
}
