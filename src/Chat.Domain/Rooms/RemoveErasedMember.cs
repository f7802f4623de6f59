namespace Chat.Domain.Rooms;

/// <summary>
/// The server takes an erased account out of a room. An owner cannot hand over any more, so the room passes to the
/// member of the highest role, the first to have come among equals.
/// </summary>
public sealed record RemoveErasedMember(Guid MemberId)
{
    public IReadOnlyList<string> RestsOn => [Room.SettingsTag, Room.MembersTag, Room.MemberTag(MemberId)];

    public Decision<RoomEvent> Decide(Room room)
    {
        if (!room.Members.TryGetValue(MemberId, out var member))
        {
            return room.Invited.Contains(MemberId)
                ? new InvitationDeclined(MemberId)
                : Decision<RoomEvent>.Nothing;
        }

        if (room.Members.Count == 1)
            return LeaveRoom.Last(room, MemberId);
        if (member.Role != RoomRole.Owner)
            return new MemberLeft(MemberId);
        var heir = room.Members.Where(other => other.Key != MemberId)
            .OrderBy(other => other.Value.Role).ThenBy(other => other.Value.JoinedPosition).First().Key;
        return Decision<RoomEvent>.Of(new MemberRoleChanged(heir, RoomRole.Owner), new MemberLeft(MemberId));
    }
}
