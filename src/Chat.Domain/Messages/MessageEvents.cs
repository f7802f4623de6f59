using Chat.Domain.Rooms;

namespace Chat.Domain.Messages;

public sealed record MessagePosted(
    Guid MessageId,
    [property: DataSubject] Guid AuthorId,
    [property: PersonalData] string Text) : RoomEvent;
