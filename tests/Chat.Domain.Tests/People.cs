using Chat.Domain.Accounts;
using Chat.Domain.Messages;
using Chat.Domain.Rooms;

namespace Chat.Domain.Tests;

/// <summary>The cast of the tests.</summary>
public static class People
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    public static readonly Actor Alice = Person("a11ce000-0000-4000-8000-000000000001");
    public static readonly Actor Bob = Person("b0b00000-0000-4000-8000-000000000002");
    public static readonly Actor Carol = Person("ca701000-0000-4000-8000-000000000003");
    public static readonly Actor Dave = Person("da7e0000-0000-4000-8000-000000000004");
    public static readonly Actor Gina = Person("91aa0000-0000-4000-8000-000000000005") with { Role = ServerRole.Guest };
    public static readonly Actor Root = Person("40070000-0000-4000-8000-000000000006") with { Role = ServerRole.Admin };

    public static readonly Guid RoomId = new("00000000-0000-4000-8000-00000000000a");
    public static readonly Guid MessageId = new("00000000-0000-4000-8000-0000000000aa");

    public static readonly RoomCreated PublicRoom =
        new(RoomId, "Tea", "", RoomKind.Group, RoomVisibility.Public, Encrypted: false, Alice.Id);

    public static readonly RoomCreated PrivateRoom = PublicRoom with { Visibility = RoomVisibility.Private };

    public static readonly MemberJoined BobJoined = new(Bob.Id);

    public static Account AccountOf(Actor actor) => new(actor.Id, "Somebody", actor.Role);

    public static RoomUpdated Settings(Func<RoomSettings, RoomSettings> change) =>
        new(Settings: change(RoomSettings.Default));

    public static MessagePosted PostedBy(Actor author, string text = "hello") => new(MessageId, author.Id, text);

    public static MemberRoleChanged Became(this Actor member, RoomRole role) => new(member.Id, role);

    private static Actor Person(string id) => new(new Guid(id), ServerRole.Member);
}
