using Chat.Domain.Accounts;

namespace Chat.Domain.Rooms;

/// <summary>Archives a room, or opens it again.</summary>
public sealed record ArchiveRoom(Actor Editor, bool Archived)
{
    public IReadOnlyList<string> RestsOn => [Room.SettingsTag, Room.MemberTag(Editor.Id)];

    public Decision<RoomEvent> Decide(Room room, DateTimeOffset now) =>
        // The right to do it does not depend on whether it is done already.
        (room with { Archived = false }).Refuse(Permission.ChangeRoom, Editor, now) is { } refusal ? refusal
        : room.Archived == Archived ? Decision<RoomEvent>.Nothing
        : Archived ? new RoomArchived()
        : new RoomReopened();
}
