using System.Collections.Immutable;

namespace Chat.Domain.Rooms;

/// <summary>
/// The server takes an erased account out of a room. An owner cannot hand over any more, so the room passes to the
/// member of the highest role, the first to have come among equals. Guests have no role above MEMBER: one of them
/// inherits only where there is nobody else.
/// </summary>
public sealed record RemoveErasedMember(Guid MemberId)
{
    public IReadOnlyList<string> RestsOn => [Room.SettingsTag, Room.MembersTag, Room.MemberTag(MemberId)];

    /// <summary>Whether there is somebody to choose: only then the decision asks who is a guest.</summary>
    public bool HasHeir(Room room) =>
        room.Members.Count > 1 && room.Members.GetValueOrDefault(MemberId)?.Role == RoomRole.Owner;

    /// <summary>
    /// <paramref name="guests"/>: those of the room's members who are guests of the server, from the read models.
    /// </summary>
    public Decision<RoomEvent> Decide(Room room, ImmutableHashSet<Guid> guests)
    {
        if (!room.Members.ContainsKey(MemberId))
        {
            return room.Invited.Contains(MemberId)
                ? new InvitationDeclined(MemberId)
                : Decision<RoomEvent>.Nothing;
        }

        if (room.Members.Count == 1)
            return LeaveRoom.Last(room, MemberId);
        if (!HasHeir(room))
            return new MemberLeft(MemberId);
        var heir = room.Members.Where(other => other.Key != MemberId)
            .OrderBy(other => guests.Contains(other.Key)).ThenBy(other => other.Value.Role)
            .ThenBy(other => other.Value.JoinedPosition).First().Key;
        return Decision<RoomEvent>.Of(new MemberRoleChanged(heir, RoomRole.Owner), new MemberLeft(MemberId));
    }
}
