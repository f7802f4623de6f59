using Chat.Domain.Messages;
using Chat.Domain.Rooms;

namespace Chat.Domain.Tests.Histories;

/// <summary>Rooms in which histories begin: of each kind, and some that are nearly full.</summary>
public static class Beginnings
{
    private static readonly Guid Popular = new("00000000-0000-4000-8000-0000000000d1");

    public static readonly IReadOnlyList<World> All =
    [
        World.Of(People.PublicRoom),
        World.Of(People.PrivateRoom),
        World.Of(People.PublicRoom, People.BobJoined, new MemberJoined(People.Carol.Id), new MemberJoined(Gina)),
        World.Of(
            People.PublicRoom, People.BobJoined, new MemberJoined(People.Carol.Id), new MemberJoined(Gina),
            People.Settings(settings => settings with { SlowModeSeconds = 60 })),
        World.Of(People.PrivateRoom with { Encrypted = true }, People.BobJoined, new MemberJoined(Gina)),
        World.Of(
            People.PublicRoom with { Kind = RoomKind.Direct, Visibility = RoomVisibility.Private }, People.BobJoined,
            People.PostedBy(People.Alice), People.PostedBy(People.Bob) with { MessageId = Popular }),
        Full(),
    ];

    private static Guid Gina => People.Gina.Id;

    private static World Full()
    {
        var messages = Enumerable.Range(0, PinMessage.PinsMax).Select(i => new Guid(i, 9, 0, new byte[8])).ToList();
        return World.Of(People.PublicRoom, People.BobJoined, new MemberJoined(People.Carol.Id))
            .With(People.PostedBy(People.Carol) with { MessageId = Popular })
            .With(messages.Select(id => People.PostedBy(People.Bob) with { MessageId = id }))
            .With(messages.Skip(1).Select((id, i) => new MessagePinned(id, i + 6)))
            .With(Enumerable.Range(0x1F600, Reactions.KindsMax - 1).Select(emoji =>
                new ReactionAdded(Popular, People.Bob.Id, char.ConvertFromUtf32(emoji), NewKind: true)));
    }
}
