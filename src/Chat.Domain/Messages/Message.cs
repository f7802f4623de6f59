using Chat.Domain.Rooms;

namespace Chat.Domain.Messages;

/// <summary>
/// A message as decisions see it. It comes from the message's own row of the read model, brought forward by later
/// events of the room that name it (docs/adr/0011-message-facts.md); its room's state does not hold it.
/// </summary>
public sealed record Message(
    Guid Id, Guid RoomId, long Position, Guid AuthorId, DateTimeOffset SentAt, string Text)
{
    /// <summary>How long authors may change or delete what they wrote.</summary>
    public static readonly TimeSpan OwnWindow = TimeSpan.FromHours(24);

    public static readonly Refusal IsDeleted = new("MESSAGE_DELETED", "The message was deleted.");

    public static readonly Refusal TooLate =
        new("MESSAGE_TOO_OLD", "Messages can be edited and deleted by their authors for 24 hours.");

    public IReadOnlyList<Guid> MentionIds { get; init; } = [];

    public Guid? ThreadRootId { get; init; }

    public bool Deleted { get; init; }

    public bool IsOlderThanOwnWindow(DateTimeOffset now) => now - SentAt > OwnWindow;

    /// <summary>The message after an event of its room; events about others leave it as it is.</summary>
    public static Message? Evolve(Message? message, Guid roomId, Guid messageId, RoomEvent @event, Moment moment) =>
        @event switch
        {
            MessagePosted e when e.MessageId == messageId =>
                new Message(e.MessageId, roomId, moment.Position, e.AuthorId, moment.At, e.Text)
                {
                    MentionIds = e.MentionIds ?? [],
                    ThreadRootId = e.ThreadRootId,
                },
            MessageEdited e when e.MessageId == messageId =>
                message! with { Text = e.Text, MentionIds = e.MentionIds ?? [] },
            MessageDeleted e when e.MessageId == messageId =>
                message! with { Text = "", MentionIds = [], Deleted = true },
            _ => message,
        };
}
