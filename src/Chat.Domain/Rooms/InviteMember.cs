using Chat.Domain.Accounts;

namespace Chat.Domain.Rooms;

public sealed record InviteMember(Actor Inviter, Guid MemberId)
{
    public static readonly Refusal Banned =
        new("ROOM_MEMBER_BANNED", "This person is banned from the room: lift the ban first.") { Field = "userId" };

    public IReadOnlyList<string> RestsOn =>
        [Room.SettingsTag, Room.MemberTag(Inviter.Id), Room.MemberTag(MemberId)];

    /// <summary>
    /// <paramref name="invited"/>: the account to invite, from the accounts' read model; null when there is none.
    /// </summary>
    public Decision<RoomEvent> Decide(Room room, Account? invited, DateTimeOffset now) => room switch
    {
        _ when room.Refuse(Permission.Invite, Inviter, now) is { } refusal => refusal,
        _ when invited is null or { IsErased: true } => Account.NotFound,
        _ when room.Banned.Contains(MemberId) => Banned,
        _ when room.Members.ContainsKey(MemberId) || room.Invited.Contains(MemberId) => Decision<RoomEvent>.Nothing,
        _ => new MemberInvited(MemberId, Inviter.Id),
    };
}
