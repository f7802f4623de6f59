using Chat.Domain.Accounts;

namespace Chat.Domain.Rooms;

/// <summary>Leaves a room, or declines the invitation to it.</summary>
public sealed record LeaveRoom(Actor Member)
{
    public static readonly Refusal LastOwner =
        new("ROOM_LAST_OWNER", "You are the room's only owner: hand it over to another member before you leave.");

    public static readonly Refusal Direct =
        new("ROOM_DIRECT", "A direct conversation belongs to its two people and cannot be left.");

    /// <summary>
    /// Whether an owner may go depends on everybody else; others cannot be the last,
    /// since an owner does not go before them.
    /// </summary>
    public IReadOnlyList<string> RestsOn(Room room) =>
        room.Members.GetValueOrDefault(Member.Id)?.Role == RoomRole.Owner
            ? [Room.SettingsTag, Room.MembersTag]
            : [Room.SettingsTag, Room.MemberTag(Member.Id)];

    /// <summary>A room is never left without an owner; the last person to go archives it.</summary>
    public Decision<RoomEvent> Decide(Room room)
    {
        if (!room.IsVisibleTo(Member))
            return Refusal.NotFound;
        if (!room.Members.TryGetValue(Member.Id, out var member))
        {
            return room.Invited.Contains(Member.Id)
                ? new InvitationDeclined(Member.Id)
                : Decision<RoomEvent>.Nothing;
        }

        if (room.Kind == RoomKind.Direct)
            return Direct;
        if (room.Members.Count == 1)
            return Last(room, Member.Id);
        return member.Role == RoomRole.Owner ? LastOwner : new MemberLeft(Member.Id);
    }

    internal static Decision<RoomEvent> Last(Room room, Guid accountId) => room.Archived
        ? new MemberLeft(accountId)
        : Decision<RoomEvent>.Of(new MemberLeft(accountId), new RoomArchived());
}
