using Chat.Domain.Accounts;

namespace Chat.Domain.Rooms;

/// <summary>Gives or takes a role; OWNER hands the room over, and the former owner stays as ADMIN.</summary>
public sealed record SetMemberRole(Actor Editor, Guid MemberId, RoomRole Role)
{
    public static readonly Refusal Guest =
        new("ROOM_GUEST_ROLE", "Guests have no role above MEMBER.")
        {
            Field = "userId",
        };

    public IReadOnlyList<string> RestsOn => [Room.SettingsTag, Room.MemberTag(Editor.Id), Room.MemberTag(MemberId)];

    /// <summary>
    /// <paramref name="isGuest"/>: whether the member is a guest of the server, from the accounts' read model.
    /// </summary>
    public Decision<RoomEvent> Decide(Room room, bool isGuest, DateTimeOffset now)
    {
        var permission = Role == RoomRole.Owner ? Permission.HandOver : Permission.SetRoles;
        if (room.Refuse(permission, Editor, now) is { } refusal)
            return refusal;
        if (!room.Members.TryGetValue(MemberId, out var member))
            return Room.NoSuchMember;
        if (member.Role == Role)
            return Decision<RoomEvent>.Nothing;
        var own = room.Members[Editor.Id].Role;
        if (member.Role <= own || Role <= own && Role != RoomRole.Owner)
            return Room.NotLower;
        if (isGuest && Role != RoomRole.Member)
            return Guest;
        var change = new MemberRoleChanged(MemberId, Role);
        return Role == RoomRole.Owner
            ? Decision<RoomEvent>.Of(change, new MemberRoleChanged(Editor.Id, RoomRole.Admin))
            : change;
    }
}
