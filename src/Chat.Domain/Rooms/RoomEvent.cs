namespace Chat.Domain.Rooms;

/// <summary>
/// What happened in one room. The room is the stream, and the stream's version is the room's position.
/// </summary>
public abstract record RoomEvent;

/// <summary>The room exists; its creator is its owner and first member.</summary>
public sealed record RoomCreated(
    Guid RoomId, string Name, string Topic, RoomKind Kind, RoomVisibility Visibility, bool Encrypted, Guid CreatedBy)
    : RoomEvent;

public sealed record MemberJoined(Guid MemberId) : RoomEvent;

public sealed record MemberLeft(Guid MemberId) : RoomEvent;

public sealed record RoomArchived : RoomEvent;
