using Chat.Domain.Messages;
using Chat.Domain.Rooms;

namespace Chat.Domain.Tests.Rooms;

public sealed class UpdateRoomTests
{
    private static readonly UpdateRoom Update = new(People.Alice);
    private static readonly Given Room = Given.Events(People.PublicRoom, People.BobJoined);

    [Fact]
    public void Only_what_changes_is_said()
    {
        Room.When((Update with { Name = "Coffee", Topic = "" }).Decide).ThenOnce(new RoomUpdated(Name: "Coffee"));
        Room.When((Update with { Topic = "All" }).Decide).ThenOnce(new RoomUpdated(Topic: "All"));
        Room.When((Update with { Visibility = RoomVisibility.Private }).Decide)
            .ThenOnce(new RoomUpdated(Visibility: RoomVisibility.Private));
        Room.When(Update.Decide).ThenNothing();
    }

    [Fact]
    public void Settings_that_are_not_named_stay()
    {
        var change = new RoomSettingsChange(SlowModeSeconds: 10, RetentionDays: 30);
        var first = RoomSettings.Default with { SlowModeSeconds = 10, RetentionDays = 30 };
        Room.When((Update with { Settings = change }).Decide).ThenOnce(new RoomUpdated(Settings: first));
        Room.And(new RoomUpdated(Settings: first))
            .When((Update with { Settings = new(MembersCanPin: true, RetentionDays: 0) }).Decide)
            .ThenOnce(new RoomUpdated(Settings: first with { MembersCanPin = true, RetentionDays = null }));
    }

    [Fact]
    public void An_encrypted_room_stays_private() =>
        Given.Events(People.PrivateRoom with { Encrypted = true })
            .When((Update with { Visibility = RoomVisibility.Public }).Decide)
            .ThenRefused(Domain.Rooms.Room.PublicCannotBeEncrypted with { Field = "visibility" });

    [Fact]
    public void An_archived_room_does_not_change_until_it_is_opened_again()
    {
        var archived = Room.And(new RoomArchived());
        archived.When((Update with { Name = "Coffee" }).Decide).ThenRefused(Domain.Rooms.Room.IsArchived);
        archived.When(new ArchiveRoom(People.Alice, Archived: false).Decide).ThenOnce(new RoomReopened());
        archived.When(new ArchiveRoom(People.Bob, Archived: false).Decide).ThenRefused(Domain.Rooms.Room.NotAllowed);
        archived.And(new RoomReopened()).When((Update with { Name = "Coffee" }).Decide)
            .Then(new RoomUpdated(Name: "Coffee"));
        Room.When(new ArchiveRoom(People.Alice, Archived: true).Decide).ThenOnce(new RoomArchived());
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(RoomSettings.SlowModeSecondsMax, RoomSettings.RetentionDaysMax, true)]
    [InlineData(RoomSettings.SlowModeSecondsMax + 1, 0, false)]
    [InlineData(-1, 0, false)]
    [InlineData(0, RoomSettings.RetentionDaysMax + 1, false)]
    [InlineData(0, -1, false)]
    public void Settings_have_bounds(int slowModeSeconds, int retentionDays, bool valid) =>
        new UpdateRoom.Validator()
            .Validate(Update with { Settings = new(slowModeSeconds, RetentionDays: retentionDays) }).IsValid
            .ShouldBe(valid);

    [Fact]
    public void History_expires_where_the_room_says_so()
    {
        var now = People.Noon;
        var keeping = World.Of(People.PublicRoom, People.PostedBy(People.Alice)).Room!;
        ExpireHistory.Before(keeping, now).ShouldBeNull();
        new ExpireHistory(2).Decide(keeping).Events.ShouldBeEmpty();

        var letting = Given.Events(
            People.PublicRoom,
            People.Settings(settings => settings with { RetentionDays = 7 }),
            People.PostedBy(People.Alice),
            new MessagePinned(People.MessageId, 3));
        letting.When(room =>
        {
            ExpireHistory.Before(room, now).ShouldBe(now.AddDays(-7));
            return new ExpireHistory(3).Decide(room);
        }).ThenOnce(new HistoryExpired(3));
        letting.And(new HistoryExpired(3)).When(room =>
        {
            room.Pins.ShouldBeEmpty();
            return new ExpireHistory(2).Decide(room);
        }).ThenNothing();
        letting.And(new HistoryExpired(3))
            .When(new EditMessage(People.MessageId, People.Alice, "new").Decide)
            .ThenRefused(Refusal.NotFound);
    }
}
