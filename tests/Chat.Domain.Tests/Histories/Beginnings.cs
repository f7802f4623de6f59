using Chat.Domain.Messages;
using Chat.Domain.Rooms;

namespace Chat.Domain.Tests.Histories;

/// <summary>Rooms in which histories begin: of each kind, and some that are nearly full.</summary>
public static class Beginnings
{
    private static readonly Guid Popular = new("00000000-0000-4000-8000-0000000000d1");

    /// <summary>The events that each of <see cref="All"/> is folded from.</summary>
    public static readonly IReadOnlyList<IReadOnlyList<RoomEvent>> Events =
    [
        [People.PublicRoom],
        [People.PrivateRoom],
        [People.PublicRoom, People.BobJoined, new MemberJoined(People.Carol.Id), new MemberJoined(Gina)],
        [
            People.PublicRoom, People.BobJoined, new MemberJoined(People.Carol.Id), new MemberJoined(Gina),
            People.Settings(settings => settings with { SlowModeSeconds = 60 }),
        ],
        [People.PrivateRoom with { Encrypted = true }, People.BobJoined, new MemberJoined(Gina)],
        [
            People.PublicRoom with { Kind = RoomKind.Direct, Visibility = RoomVisibility.Private }, People.BobJoined,
            People.PostedBy(People.Alice), People.PostedBy(People.Bob) with { MessageId = Popular },
        ],
        Full(),
    ];

    public static readonly IReadOnlyList<World> All = [.. Events.Select(events => World.Of(events))];

    private static Guid Gina => People.Gina.Id;

    private static RoomEvent[] Full()
    {
        var messages = Enumerable.Range(0, PinMessage.PinsMax).Select(i => new Guid(i, 9, 0, new byte[8])).ToList();
        return
        [
            People.PublicRoom, People.BobJoined, new MemberJoined(People.Carol.Id),
            People.PostedBy(People.Carol) with { MessageId = Popular },
            .. messages.Select(id => People.PostedBy(People.Bob) with { MessageId = id }),
            .. messages.Skip(1).Select((id, i) => new MessagePinned(id, i + 6)),
            .. Enumerable.Range(0x1F600, Reactions.KindsMax - 1).Select(emoji =>
                new ReactionAdded(Popular, People.Bob.Id, char.ConvertFromUtf32(emoji), NewKind: true)),
        ];
    }
}
