using Chat.Domain.Accounts;
using Chat.Domain.Rooms;

namespace Chat.Domain.Tests.Rooms;

public sealed class CreateRoomTests
{
    private static readonly CreateRoom Create = new(People.RoomId, "Tea", "", RoomVisibility.Public, Encrypted: false);

    [Fact]
    public void The_creator_owns_it()
    {
        var decision = Create.Decide(People.Alice, guestsCreateRooms: false);
        decision.Events.ShouldBe([People.PublicRoom]);
        World.Of(decision.Events).Room!.Members[People.Alice.Id].ShouldBe(new RoomMember(RoomRole.Owner, 1));
    }

    [Fact]
    public void Guests_need_the_servers_permission()
    {
        Create.Decide(People.Gina, guestsCreateRooms: false).Refusal.ShouldBe(CreateRoom.Guest);
        Create.Decide(People.Gina, guestsCreateRooms: true).Events.Count.ShouldBe(1);
    }

    [Fact]
    public void A_public_room_is_not_encrypted() =>
        (Create with { Encrypted = true }).Decide(People.Alice, false).Refusal.ShouldBe(Room.PublicCannotBeEncrypted);

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
    public void Names_are_one_visible_line(string name, bool valid)
    {
        new CreateRoom.Validator().Validate(Create with { Name = name }).IsValid.ShouldBe(valid);
        new UpdateRoom.Validator().Validate(new UpdateRoom(People.Alice) { Name = name }).IsValid.ShouldBe(valid);
    }

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

public sealed class OpenDirectTests
{
    private static readonly OpenDirect Open = new(People.Alice, People.Bob.Id, Encrypted: false);
    private static readonly Account Bob = People.AccountOf(People.Bob);

    [Fact]
    public void Two_people_are_in_it_as_equals()
    {
        var world = World.Of(Open.Decide(room: null, Bob, guestsCreateRooms: false).Events);
        world.Room!.Members.Values.Select(member => member.Role).ShouldBe([RoomRole.Member, RoomRole.Member]);
        world.Room.Id.ShouldBe(Open.RoomId);
        Open.Decide(world.Room, Bob, guestsCreateRooms: false).Events.ShouldBeEmpty();
    }

    [Fact]
    public void The_same_pair_and_kind_of_encryption_meets_in_the_same_room()
    {
        new OpenDirect(People.Bob, People.Alice.Id, Encrypted: false).RoomId.ShouldBe(Open.RoomId);
        (Open with { Encrypted = true }).RoomId.ShouldNotBe(Open.RoomId);
        (Open with { OtherId = People.Carol.Id }).RoomId.ShouldNotBe(Open.RoomId);
        Open.RoomId.ShouldBe(new Guid(StoredRoomId), "the rooms of old pairs would be lost");
    }

    [Fact]
    public void Somebody_has_to_be_there()
    {
        var toSelf = Open with { OtherId = People.Alice.Id };
        toSelf.Decide(null, People.AccountOf(People.Alice), true).Refusal.ShouldBe(OpenDirect.WithOneself);
        Open.Decide(null, other: null, true).Refusal.ShouldBe(Refusal.NotFound);
        Open.Decide(null, Bob with { IsErased = true }, true).Refusal.ShouldBe(Refusal.NotFound);
        (Open with { Opener = People.Gina }).Decide(null, Bob, false).Refusal.ShouldBe(CreateRoom.Guest);
    }

    [Fact]
    public void Nobody_else_comes_in_and_nobody_leaves()
    {
        var room = Given.Events(Open.Decide(null, Bob, false).Events);
        room.When(new JoinRoom(People.Carol).Decide).ThenRefused(Refusal.NotFound);
        room.When(new LeaveRoom(People.Alice).Decide).ThenRefused(LeaveRoom.Direct);
        room.When((state, now) =>
                new InviteMember(People.Alice, People.Carol.Id).Decide(state, People.AccountOf(People.Carol), now))
            .ThenRefused(Room.MembersCannotInvite);
        room.When(new KickMember(People.Alice, People.Bob.Id, null).Decide).ThenRefused(Room.NotAllowed);
        room.When(new UpdateRoom(People.Alice) { Visibility = RoomVisibility.Public }.Decide)
            .ThenRefused(Room.NotAllowed);
        room.When(new KickMember(People.Root, People.Bob.Id, null).Decide).ThenRefused(Refusal.NotFound);
    }

    private const string StoredRoomId = "54b1978b-df0a-5e8f-a56c-d8156b18f2ae";
}
