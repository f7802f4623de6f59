using Chat.Domain.Accounts;

namespace Chat.Domain.Rooms;

public sealed record UnbanMember(Actor Moderator, Guid MemberId)
{
    public IReadOnlyList<string> RestsOn =>
        [Room.SettingsTag, Room.MemberTag(Moderator.Id), Room.MemberTag(MemberId)];

    public Decision<RoomEvent> Decide(Room room, DateTimeOffset now) => room switch
    {
        _ when room.Refuse(Permission.Ban, Moderator, now) is { } refusal => refusal,
        _ when !room.Banned.Contains(MemberId) => Decision<RoomEvent>.Nothing,
        // A server's administrator whom the room has banned does not lift that ban alone.
        _ when !room.Outranks(Moderator, MemberId) => Room.NotLower,
        _ => new MemberUnbanned(MemberId),
    };
}
