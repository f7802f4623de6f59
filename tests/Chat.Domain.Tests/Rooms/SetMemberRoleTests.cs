using Chat.Domain.Accounts;
using Chat.Domain.Rooms;

namespace Chat.Domain.Tests.Rooms;

public sealed class SetMemberRoleTests
{
    private static readonly Given Room = Given.Events(
        People.PublicRoom, People.BobJoined, new MemberJoined(People.Carol.Id), new MemberJoined(People.Gina.Id),
        People.Bob.Became(RoomRole.Admin));

    [Fact]
    public void Roles_below_ones_own_are_given_and_taken()
    {
        Set(People.Bob, People.Carol, RoomRole.Moderator).ThenOnce(People.Carol.Became(RoomRole.Moderator));
        Set(People.Bob, People.Carol, RoomRole.Admin).ThenRefused(Domain.Rooms.Room.NotLower);
        Set(People.Bob, People.Alice, RoomRole.Member).ThenRefused(Domain.Rooms.Room.NotLower);
        Set(People.Bob, People.Carol, RoomRole.Owner).ThenRefused(Domain.Rooms.Room.NotAllowed);
        Set(People.Alice, People.Bob, RoomRole.Member).ThenOnce(People.Bob.Became(RoomRole.Member));
        Set(People.Alice, People.Alice, RoomRole.Admin).ThenRefused(Domain.Rooms.Room.NotLower);
        Set(People.Carol, People.Gina, RoomRole.Member).ThenRefused(Domain.Rooms.Room.NotAllowed);
        Set(People.Alice, People.Dave, RoomRole.Member).ThenRefused(Domain.Rooms.Room.NoSuchMember);
    }

    [Fact]
    public void Who_hands_over_stays_as_administrator()
    {
        Set(People.Alice, People.Carol, RoomRole.Owner)
            .Then(People.Carol.Became(RoomRole.Owner), People.Alice.Became(RoomRole.Admin));
        Set(People.Alice, People.Alice, RoomRole.Owner).ThenNothing();
    }

    [Fact]
    public void Guests_stay_members()
    {
        foreach (var role in new[] { RoomRole.Owner, RoomRole.Admin, RoomRole.Moderator })
            Set(People.Alice, People.Gina, role).ThenRefused(SetMemberRole.Guest);
        Set(People.Alice, People.Gina, RoomRole.Member).ThenNothing();
    }

    private static Given Set(Actor editor, Actor member, RoomRole role) =>
        Room.When((room, now) => new SetMemberRole(editor, member.Id, role).Decide(room, member.IsGuest, now));
}
