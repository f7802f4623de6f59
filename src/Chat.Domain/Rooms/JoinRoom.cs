using Chat.Domain.Accounts;

namespace Chat.Domain.Rooms;

/// <summary>Comes into a public room, or takes an invitation.</summary>
public sealed record JoinRoom(Actor Member)
{
    public IReadOnlyList<string> RestsOn => [Room.SettingsTag, Room.MemberTag(Member.Id)];

    public Decision<RoomEvent> Decide(Room room) => room switch
    {
        _ when !room.IsVisibleTo(Member) => Refusal.NotFound,
        _ when room.Banned.Contains(Member.Id) => Room.IsBanned,
        _ when room.Members.ContainsKey(Member.Id) => Decision<RoomEvent>.Nothing,
        { Archived: true } => Room.IsArchived,
        _ => Enter(room, Member.Id),
    };

    internal static MemberJoined Enter(Room room, Guid accountId) =>
        new(
            accountId, HistoryHidden: !room.Settings.HistoryForNewMembers,
            room.MutedUntil.TryGetValue(accountId, out var until) ? until : null);
}
