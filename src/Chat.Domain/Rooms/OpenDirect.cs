using Chat.Domain.Accounts;

namespace Chat.Domain.Rooms;

/// <summary>
/// Opens the conversation of two people. It has an id of its own making, so the same pair and kind of encryption always
/// meets in the same room; the append's condition is that the room is not there yet, or that nothing happened in it.
/// </summary>
public sealed record OpenDirect(Actor Opener, Guid OtherId, bool Encrypted)
{
    public static readonly Refusal WithOneself =
        new("DIRECT_WITH_ONESELF", "A direct conversation needs somebody else.") { Field = "userId" };

    public Guid RoomId => RoomIdOf(Opener.Id, OtherId, Encrypted);

    /// <summary>
    /// <paramref name="room"/>: the room, where it is there already. <paramref name="other"/>: the other account, from
    /// the accounts' read model; null when there is none. <paramref name="guestsCreateRooms"/>: the server's setting.
    /// </summary>
    public Decision<RoomEvent> Decide(Room? room, Account? other, bool guestsCreateRooms) => room switch
    {
        _ when OtherId == Opener.Id => WithOneself,
        _ when other is null or { IsErased: true } => Refusal.NotFound,
        not null => Decision<RoomEvent>.Nothing,
        _ when !CreateRoom.MayCreate(Opener, guestsCreateRooms) => CreateRoom.Guest,
        _ => Decision<RoomEvent>.Of(
            new RoomCreated(RoomId, "", "", RoomKind.Direct, RoomVisibility.Private, Encrypted, Opener.Id),
            new MemberJoined(OtherId)),
    };

    public static Guid RoomIdOf(Guid one, Guid other, bool encrypted)
    {
        var (low, high) = one.CompareTo(other) < 0 ? (one, other) : (other, one);
        Span<byte> name = stackalloc byte[17];
        high.TryWriteBytes(name, bigEndian: true, out _);
        name[^1] = encrypted ? (byte)1 : (byte)0;
        return NameBasedId.Of(low, name);
    }
}
