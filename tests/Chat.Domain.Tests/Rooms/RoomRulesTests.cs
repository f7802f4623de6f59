using Chat.Domain.Accounts;
using Chat.Domain.Rooms;

namespace Chat.Domain.Tests.Rooms;

public sealed class CreateRoomTests
{
    private static readonly Account Alice = new(People.Alice, "Alice", ServerRole.Member);
    private static readonly Account Guest = new(People.Bob, "Bob", ServerRole.Guest);
    private static readonly CreateRoom Create = new(People.RoomId, "Tea", "", RoomVisibility.Public, Encrypted: false);

    [Fact]
    public void The_creator_owns_it()
    {
        var decision = Create.Decide(Alice, guestsCreateRooms: false);
        decision.Events.ShouldBe(
        [
            new RoomCreated(People.RoomId, "Tea", "", RoomKind.Group, RoomVisibility.Public, false, People.Alice),
        ]);
        var room = Room.Evolve(null, decision.Events[0]);
        room.Members[People.Alice].ShouldBe(RoomRole.Owner);
    }

    [Fact]
    public void Guests_need_the_servers_permission()
    {
        Create.Decide(Guest, guestsCreateRooms: false).Refusal.ShouldBe(CreateRoom.Guest);
        Create.Decide(Guest, guestsCreateRooms: true).Events.Count.ShouldBe(1);
    }

    [Fact]
    public void A_public_room_is_not_encrypted() =>
        (Create with { Encrypted = true }).Decide(Alice, false).Refusal.ShouldBe(CreateRoom.PublicCannotBeEncrypted);

    [Theory]
    [InlineData("", false)]
    [InlineData("  ", false)]
    [InlineData("Tea", true)]
    [InlineData("Tea\u0007", false)]
    [InlineData("Tea\nCoffee", false)]
    [InlineData("Tea\u202Egnp", false)]
    [InlineData("Tea\u2066x", false)]
    [InlineData("\u200B\u200B", false)]
    [InlineData("\u3164", false)]
    [InlineData("Téa 🫖 茶", true)]
    public void Names_are_one_visible_line(string name, bool valid) =>
        new CreateRoom.Validator().Validate(Create with { Name = name }).IsValid.ShouldBe(valid);

    // An attribute cannot hold half a surrogate pair.
    [Fact]
    public void Half_a_surrogate_pair_is_no_name() =>
        new CreateRoom.Validator().Validate(Create with { Name = "Tea \uD83D" }).IsValid.ShouldBeFalse();

    [Fact]
    public void Names_are_counted_as_people_see_them()
    {
        var family = "👨‍👩‍👧‍👦";
        var validator = new CreateRoom.Validator();
        validator.Validate(Create with { Name = string.Concat(Enumerable.Repeat(family, 80)) }).IsValid.ShouldBeTrue();
        validator.Validate(Create with { Name = string.Concat(Enumerable.Repeat(family, 81)) }).IsValid.ShouldBeFalse();
        validator.Validate(Create with { Name = "e" + new string('\u0301', 80 * Text.MaxBytesPerGrapheme) }).IsValid
            .ShouldBeFalse();
    }
}

public sealed class JoinRoomTests
{
    private static readonly Func<Room, Decision<RoomEvent>> Join = new JoinRoom(People.Bob).Decide;

    [Fact]
    public void A_public_room_is_open() =>
        Given.Events(People.PublicRoom).When(Join).ThenOnce(new MemberJoined(People.Bob));

    [Fact]
    public void A_private_room_does_not_show_itself() =>
        Given.Events(People.PrivateRoom).When(Join).ThenRefused(Refusal.NotFound);

    [Fact]
    public void An_archived_room_takes_nobody() =>
        Given.Events(People.PublicRoom, new RoomArchived()).When(Join).ThenRefused(Room.IsArchived);

    [Fact]
    public void A_member_who_left_can_come_back() =>
        Given.Events(People.PublicRoom, new MemberJoined(People.Bob), new MemberLeft(People.Bob)).When(Join)
            .ThenOnce(new MemberJoined(People.Bob));
}

public sealed class LeaveRoomTests
{
    [Fact]
    public void A_member_leaves() =>
        Given.Events(People.PublicRoom, new MemberJoined(People.Bob)).When(new LeaveRoom(People.Bob).Decide)
            .ThenOnce(new MemberLeft(People.Bob));

    [Fact]
    public void Who_is_not_in_has_nothing_to_leave() =>
        Given.Events(People.PublicRoom).When(new LeaveRoom(People.Bob).Decide).ThenNothing();

    [Fact]
    public void A_stranger_does_not_learn_of_a_private_room() =>
        Given.Events(People.PrivateRoom).When(new LeaveRoom(People.Bob).Decide).ThenRefused(Refusal.NotFound);

    [Fact]
    public void The_last_owner_stays_while_others_are_there() =>
        Given.Events(People.PublicRoom, new MemberJoined(People.Bob)).When(new LeaveRoom(People.Alice).Decide)
            .ThenRefused(LeaveRoom.LastOwner);

    [Fact]
    public void The_last_person_archives_the_room() =>
        Given.Events(People.PublicRoom).When(new LeaveRoom(People.Alice).Decide)
            .ThenOnce(new MemberLeft(People.Alice), new RoomArchived());
}
