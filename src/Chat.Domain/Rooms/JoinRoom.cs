namespace Chat.Domain.Rooms;

public sealed record JoinRoom(Guid MemberId)
{
    public IReadOnlyList<string> RestsOn => [Room.SettingsTag, Room.MemberTag(MemberId)];

    public Decision<RoomEvent> Decide(Room room) => room switch
    {
        _ when !room.IsVisibleTo(MemberId) => Refusal.NotFound,
        _ when room.Members.ContainsKey(MemberId) => Decision<RoomEvent>.Nothing,
        { Archived: true } => Room.IsArchived,
        _ => new MemberJoined(MemberId),
    };
}
