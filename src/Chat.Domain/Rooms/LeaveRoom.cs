namespace Chat.Domain.Rooms;

public sealed record LeaveRoom(Guid MemberId)
{
    public static readonly Refusal LastOwner =
        new("ROOM_LAST_OWNER", "You are the room's only owner: hand it over to another member before you leave.");

    /// <summary>
    /// Whether an owner may go depends on everybody else; others cannot be the last,
    /// since an owner does not go before them.
    /// </summary>
    public IReadOnlyList<string> RestsOn(Room room) =>
        room.Members.GetValueOrDefault(MemberId, RoomRole.Member) == RoomRole.Owner
            ? [Room.SettingsTag, Room.MembersTag]
            : [Room.SettingsTag, Room.MemberTag(MemberId)];

    /// <summary>A room is never left without an owner; the last person to go archives it.</summary>
    public Decision<RoomEvent> Decide(Room room)
    {
        if (!room.IsVisibleTo(MemberId))
            return Refusal.NotFound;
        if (!room.Members.TryGetValue(MemberId, out var role))
            return Decision<RoomEvent>.Nothing;
        if (room.Members.Count == 1)
            return room.Archived
                ? new MemberLeft(MemberId)
                : Decision<RoomEvent>.Of(new MemberLeft(MemberId), new RoomArchived());
        var isLastOwner = role == RoomRole.Owner && room.Members.Values.Count(other => other == RoomRole.Owner) == 1;
        return isLastOwner ? LastOwner : new MemberLeft(MemberId);
    }
}
