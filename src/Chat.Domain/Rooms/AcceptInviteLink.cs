using Chat.Domain.Accounts;

namespace Chat.Domain.Rooms;

/// <summary>
/// Comes in by a link. Where the room says yes, <see cref="Use"/> is written to the link's stream in the same append.
/// </summary>
public sealed record AcceptInviteLink(Actor Member)
{
    public InviteLinkUsed Use => new(Member.Id);

    /// <summary>In the room's stream; what it rests on in the link's says <see cref="InviteLink.RestsOn"/>.</summary>
    public IReadOnlyList<string> RestsOn(InviteLink link) =>
        [Room.SettingsTag, Room.MemberTag(Member.Id), Room.MemberTag(link.CreatedBy)];

    /// <summary>
    /// <paramref name="room"/>: the link's room; null when there is no such link. <paramref name="link"/>: the link,
    /// found by the hash of its code; null when there is none.
    /// </summary>
    public Decision<RoomEvent> Decide(Room? room, InviteLink? link, DateTimeOffset now) => room switch
    {
        null => InviteLink.Invalid,
        _ when link?.RoomId != room.Id => InviteLink.Invalid,
        _ when room.Members.ContainsKey(Member.Id) => Decision<RoomEvent>.Nothing,
        _ when !link.IsOpen(room, now) => InviteLink.Invalid,
        _ when room.Banned.Contains(Member.Id) => Room.IsBanned,
        { Archived: true } => Room.IsArchived,
        _ => JoinRoom.Enter(room, Member.Id),
    };
}
