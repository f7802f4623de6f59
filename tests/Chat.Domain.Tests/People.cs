using Chat.Domain.Rooms;

namespace Chat.Domain.Tests;

/// <summary>The cast of the tests.</summary>
public static class People
{
    public static readonly Guid Alice = new("a11ce000-0000-4000-8000-000000000001");
    public static readonly Guid Bob = new("b0b00000-0000-4000-8000-000000000002");
    public static readonly Guid RoomId = new("00000000-0000-4000-8000-00000000000a");

    public static readonly RoomCreated PublicRoom =
        new(RoomId, "Tea", "", RoomKind.Group, RoomVisibility.Public, Encrypted: false, Alice);

    public static readonly RoomCreated PrivateRoom = PublicRoom with { Visibility = RoomVisibility.Private };
}
