using Chat.Domain.Accounts;
using Chat.Domain.Rooms;
using FluentValidation;

namespace Chat.Domain.Messages;

/// <summary>
/// What happened to one report. It is a stream of its own: the room's moderators and the server's administrators see
/// it, its members do not.
/// </summary>
public abstract record ReportEvent;

[StoredAs("message_reported")]
public sealed record MessageReported(
    Guid ReportId,
    Guid RoomId,
    Guid MessageId,
    [property: DataSubject] Guid ReporterId,
    [property: PersonalData] string Reason) : ReportEvent;

/// <summary>
/// Tells those who moderate of a message. A person reports a message once: the report's id follows from both, and the
/// append's condition is that its stream is not there.
/// </summary>
public sealed record ReportMessage(Guid MessageId, Actor Reporter, string Reason)
{
    public Guid ReportId => NameBasedId.Of(MessageId, Reporter.Id.ToByteArray(bigEndian: true));

    /// <summary>
    /// <paramref name="room"/>: the message's room; reports are taken from an archived one, too.
    /// <paramref name="message"/>: the message; null when there is none. <paramref name="isReported"/>: whether the
    /// stream of this report is there.
    /// </summary>
    public Decision<ReportEvent> Decide(Room room, Message? message, bool isReported) => room switch
    {
        _ when !room.Shows(message, Reporter) => Refusal.NotFound,
        _ when isReported => Decision<ReportEvent>.Nothing,
        _ when message.Deleted => Message.IsDeleted,
        _ => new MessageReported(ReportId, room.Id, MessageId, Reporter.Id, Reason),
    };

    public sealed class Validator : AbstractValidator<ReportMessage>
    {
        public Validator() => RuleFor(command => command.Reason).Reason();
    }
}
