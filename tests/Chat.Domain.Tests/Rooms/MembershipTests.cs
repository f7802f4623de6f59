using Chat.Domain.Accounts;
using Chat.Domain.Rooms;

namespace Chat.Domain.Tests.Rooms;

public sealed class JoinRoomTests
{
    private static readonly Func<Room, Decision<RoomEvent>> Join = new JoinRoom(People.Bob).Decide;

    [Fact]
    public void A_public_room_is_open() => Given.Events(People.PublicRoom).When(Join).ThenOnce(People.BobJoined);

    [Fact]
    public void A_private_room_does_not_show_itself() =>
        Given.Events(People.PrivateRoom).When(Join).ThenRefused(Refusal.NotFound);

    [Fact]
    public void The_invited_come_in() =>
        Given.Events(People.PrivateRoom, new MemberInvited(People.Bob.Id, People.Alice.Id)).When(Join)
            .ThenOnce(People.BobJoined);

    [Fact]
    public void The_banned_are_told_so_where_they_may_know_of_the_room()
    {
        var ban = new MemberBanned(People.Bob.Id, People.Alice.Id);
        Given.Events(People.PublicRoom, ban).When(Join).ThenRefused(Room.IsBanned);
        Given.Events(People.PrivateRoom, People.BobJoined, ban).When(Join).ThenRefused(Refusal.NotFound);
        Given.Events(People.PublicRoom, ban, new MemberUnbanned(People.Bob.Id)).When(Join).ThenOnce(People.BobJoined);
    }

    [Fact]
    public void An_archived_room_takes_nobody() =>
        Given.Events(People.PublicRoom, new RoomArchived()).When(Join).ThenRefused(Room.IsArchived);

    [Fact]
    public void A_member_who_left_or_was_put_out_can_come_back()
    {
        RoomEvent[] ends = [new MemberLeft(People.Bob.Id), new MemberKicked(People.Bob.Id, People.Alice.Id)];
        foreach (var end in ends)
            Given.Events(People.PublicRoom, People.BobJoined, end).When(Join).ThenOnce(People.BobJoined);
    }

    [Fact]
    public void The_floor_is_fixed_at_the_join()
    {
        var closed = People.Settings(settings => settings with { HistoryForNewMembers = false });
        var world = World.Of(People.PublicRoom, closed, People.PostedBy(People.Alice));
        var joined = new JoinRoom(People.Bob).Decide(world.Room!).Events.ShouldHaveSingleItem();
        joined.ShouldBe(new MemberJoined(People.Bob.Id, HistoryHidden: true));
        var inside = world.With([joined, People.Settings(settings => settings)]);
        inside.Room!.Members[People.Bob.Id].Floor.ShouldBe(3);
        inside.Room.Shows(inside.Find(People.MessageId), People.Bob).ShouldBeFalse();
        inside.Room.Shows(inside.Find(People.MessageId), People.Alice).ShouldBeTrue();

        var back = inside.With([new MemberLeft(People.Bob.Id), People.BobJoined]);
        back.Room!.Members[People.Bob.Id].Floor.ShouldBe(0);
    }
}

public sealed class LeaveRoomTests
{
    private static readonly Func<Room, Decision<RoomEvent>> BobLeaves = new LeaveRoom(People.Bob).Decide;

    [Fact]
    public void A_member_leaves() => Given.Events(People.PublicRoom, People.BobJoined).When(BobLeaves)
        .ThenOnce(new MemberLeft(People.Bob.Id));

    [Fact]
    public void Who_is_not_in_has_nothing_to_leave() => Given.Events(People.PublicRoom).When(BobLeaves).ThenNothing();

    [Fact]
    public void A_stranger_does_not_learn_of_a_private_room() =>
        Given.Events(People.PrivateRoom).When(BobLeaves).ThenRefused(Refusal.NotFound);

    [Fact]
    public void The_invited_decline()
    {
        var invitation = new MemberInvited(People.Bob.Id, People.Alice.Id);
        Given.Events(People.PublicRoom, invitation).When(BobLeaves).ThenOnce(new InvitationDeclined(People.Bob.Id));
        Given.Events(People.PrivateRoom, invitation, new InvitationDeclined(People.Bob.Id)).When(BobLeaves)
            .ThenRefused(Refusal.NotFound);
    }

    [Fact]
    public void The_last_owner_stays_while_others_are_there() =>
        Given.Events(People.PublicRoom, People.BobJoined).When(new LeaveRoom(People.Alice).Decide)
            .ThenRefused(LeaveRoom.LastOwner);

    [Fact]
    public void The_last_person_archives_the_room() =>
        Given.Events(People.PublicRoom).When(new LeaveRoom(People.Alice).Decide)
            .ThenOnce(new MemberLeft(People.Alice.Id), new RoomArchived());

    [Fact]
    public void An_archived_room_is_left_as_it_is() =>
        Given.Events(People.PublicRoom, new RoomArchived()).When(new LeaveRoom(People.Alice).Decide)
            .ThenOnce(new MemberLeft(People.Alice.Id));

    [Fact]
    public void An_erased_owner_leaves_the_room_to_the_highest_and_then_the_oldest_member()
    {
        var remove = Remove(People.Alice);
        var room = Given.Events(People.PublicRoom, People.BobJoined, new MemberJoined(People.Carol.Id));
        room.When(remove)
            .ThenOnce(People.Bob.Became(RoomRole.Owner), new MemberLeft(People.Alice.Id));
        room.And(People.Carol.Became(RoomRole.Moderator)).When(remove)
            .ThenOnce(People.Carol.Became(RoomRole.Owner), new MemberLeft(People.Alice.Id));
        room.When(Remove(People.Bob)).ThenOnce(new MemberLeft(People.Bob.Id));
        Given.Events(People.PublicRoom).When(remove)
            .ThenOnce(new MemberLeft(People.Alice.Id), new RoomArchived());
        Given.Events(People.PublicRoom, new MemberInvited(People.Bob.Id, People.Alice.Id))
            .When(Remove(People.Bob)).ThenOnce(new InvitationDeclined(People.Bob.Id));
    }

    [Fact]
    public void A_guest_inherits_only_where_nobody_else_is_left()
    {
        var guestFirst = Given.Events(People.PublicRoom, new MemberJoined(People.Gina.Id));
        guestFirst.And(People.BobJoined).When(Remove(People.Alice))
            .ThenOnce(People.Bob.Became(RoomRole.Owner), new MemberLeft(People.Alice.Id));
        // A guest has a role of old; who is registered comes before them all the same.
        guestFirst.And(People.Gina.Became(RoomRole.Admin), People.BobJoined).When(Remove(People.Alice))
            .ThenOnce(People.Bob.Became(RoomRole.Owner), new MemberLeft(People.Alice.Id));
        guestFirst.When(Remove(People.Alice))
            .ThenOnce(People.Gina.Became(RoomRole.Owner), new MemberLeft(People.Alice.Id));
    }

    private static Func<Room, Decision<RoomEvent>> Remove(Actor erased) =>
        room => new RemoveErasedMember(erased.Id).Decide(room, [People.Gina.Id]);
}

public sealed class InviteMemberTests
{
    private static readonly InviteMember Invite = new(People.Alice, People.Carol.Id);

    private static readonly Func<Room, DateTimeOffset, Decision<RoomEvent>> InviteCarol =
        (room, now) => Invite.Decide(room, People.AccountOf(People.Carol), now);

    [Fact]
    public void Once_invited_or_in_there_is_nothing_to_do()
    {
        var room = Given.Events(People.PrivateRoom);
        room.When(InviteCarol).ThenOnce(new MemberInvited(People.Carol.Id, People.Alice.Id));
        room.And(new MemberJoined(People.Carol.Id)).When(InviteCarol).ThenNothing();
    }

    [Fact]
    public void The_banned_are_not_invited() =>
        Given.Events(People.PrivateRoom, new MemberBanned(People.Carol.Id, People.Alice.Id)).When(InviteCarol)
            .ThenRefused(InviteMember.Banned);

    [Fact]
    public void Nobody_and_the_erased_cannot_be_invited()
    {
        var erased = People.AccountOf(People.Carol) with { IsErased = true };
        var room = Given.Events(People.PrivateRoom);
        room.When((state, now) => Invite.Decide(state, null, now)).ThenRefused(Account.NotFound);
        room.When((state, now) => Invite.Decide(state, erased, now)).ThenRefused(Account.NotFound);
    }

    [Fact]
    public void An_invitation_is_taken_back_by_a_kick() =>
        Given.Events(People.PrivateRoom, new MemberInvited(People.Carol.Id, People.Alice.Id))
            .When(new KickMember(People.Alice, People.Carol.Id, null).Decide)
            .ThenOnce(new MemberKicked(People.Carol.Id, People.Alice.Id));
}
