using Chat.Domain.Accounts;
using Chat.Domain.Messages;
using Chat.Domain.Rooms;

namespace Chat.Domain.Tests.Rooms;

public sealed class ModerationTests
{
    private static readonly RoomEvent[] Members =
    [
        People.PublicRoom, People.BobJoined, new MemberJoined(People.Carol.Id), new MemberJoined(People.Dave.Id),
        People.Bob.Became(RoomRole.Admin), People.Carol.Became(RoomRole.Moderator),
    ];

    private static readonly Given Room = Given.Events(Members);

    private static readonly DateTimeOffset Until = People.Noon.AddSeconds(60);

    private static readonly (Actor Actor, int Rank)[] Ranks =
    [
        (People.Root, -1), (People.Alice, 0), (People.Bob, 1), (People.Carol, 2), (People.Dave, 3), (People.Gina, 4),
    ];

    [Fact]
    public void Everything_is_done_to_lower_roles_only()
    {
        foreach (var (actor, rank) in Ranks.Where(one => one.Rank <= (int)RoomRole.Moderator))
        {
            foreach (var (target, targetRank) in Ranks.Where(one => one.Rank >= 0))
            {
                var account = People.AccountOf(target);
                Decision<RoomEvent>[] decisions =
                [
                    Decide((room, now) => new KickMember(actor, target.Id, null).Decide(room, now)),
                    Decide((room, now) => new BanMember(actor, target.Id, null).Decide(room, account, now)),
                    Decide((room, now) => new MuteMember(actor, target.Id, 60, null).Decide(room, now)),
                    Decide((room, now) => new DeleteMessage(People.MessageId, actor, null).Decide(
                        room,
                        new Message(People.MessageId, room.Id, 9, target.Id, now, "hello"),
                        now)),
                ];
                foreach (var decision in decisions.Where(_ => actor != target))
                    (decision.Refusal == Domain.Rooms.Room.NotLower).ShouldBe(targetRank <= rank);
            }
        }
    }

    [Fact]
    public void An_owner_is_not_put_out_even_by_the_server()
    {
        Room.When(new KickMember(People.Root, People.Alice.Id, null).Decide)
            .ThenRefused(Domain.Rooms.Room.OwnerStays);
        Room.When((room, now) =>
                new BanMember(People.Root, People.Alice.Id, null).Decide(room, People.AccountOf(People.Alice), now))
            .ThenRefused(Domain.Rooms.Room.OwnerStays);
    }

    [Fact]
    public void Nobody_moderates_themselves() =>
        Room.When(new MuteMember(People.Carol, People.Carol.Id, 60, null).Decide)
            .ThenRefused(Domain.Rooms.Room.NotLower);

    [Fact]
    public void A_kick_says_who_and_why() =>
        Room.When(new KickMember(People.Carol, People.Dave.Id, "spam").Decide)
            .ThenOnce(new MemberKicked(People.Dave.Id, People.Carol.Id, "spam"));

    [Fact]
    public void A_ban_ends_membership_and_invitation_and_can_come_first()
    {
        Func<Room, DateTimeOffset, Decision<RoomEvent>> ban = (room, now) =>
            new BanMember(People.Carol, People.Gina.Id, "bot").Decide(room, People.AccountOf(People.Gina), now);
        var banned = new MemberBanned(People.Gina.Id, People.Carol.Id, "bot");
        Room.When(ban).ThenOnce(banned);
        Room.And(new MemberInvited(People.Gina.Id, People.Alice.Id)).When(ban).ThenOnce(banned);
        Room.And(new MemberInvited(People.Gina.Id, People.Alice.Id), banned)
            .When(new JoinRoom(People.Gina).Decide).ThenRefused(Domain.Rooms.Room.IsBanned);
        Room.When((room, now) => new BanMember(People.Carol, Guid.Empty, null).Decide(room, null, now))
            .ThenRefused(Account.NotFound);
        Room.And(banned).When(new UnbanMember(People.Carol, People.Gina.Id).Decide)
            .ThenOnce(new MemberUnbanned(People.Gina.Id));
        Room.When(new UnbanMember(People.Carol, People.Gina.Id).Decide).ThenNothing();
    }

    [Fact]
    public void A_banned_administrator_of_the_server_does_not_lift_the_ban_alone() =>
        Room.And(new MemberBanned(People.Root.Id, People.Alice.Id))
            .When(new UnbanMember(People.Root, People.Root.Id).Decide).ThenRefused(Domain.Rooms.Room.NotLower);

    [Fact]
    public void A_mute_ends_by_itself_or_by_hand()
    {
        var muted = new MemberMuted(People.Dave.Id, Until, People.Carol.Id, "caps");
        var post = new PostMessage(People.MessageId, People.Dave, "hi");
        Room.When(new MuteMember(People.Carol, People.Dave.Id, 60, "caps").Decide).ThenOnce(muted);
        var silent = Room.And(muted);
        silent.When((room, now) => post.Decide(room, null, null, now)).ThenRefused(Domain.Rooms.Room.IsMuted);
        silent.Later(TimeSpan.FromSeconds(60)).When((room, now) => post.Decide(room, null, null, now))
            .Then(new MessagePosted(People.MessageId, People.Dave.Id, "hi"));
        silent.When(new MuteMember(People.Carol, People.Dave.Id, 0, null).Decide)
            .ThenOnce(new MemberUnmuted(People.Dave.Id));
        Room.When(new MuteMember(People.Carol, People.Dave.Id, 0, null).Decide).ThenNothing();
        Room.When(new MuteMember(People.Carol, People.Gina.Id, 60, null).Decide)
            .ThenRefused(Domain.Rooms.Room.NoSuchMember);
    }

    [Fact]
    public void Coming_back_ends_no_mute()
    {
        var back = Room.And(
            new MemberMuted(People.Dave.Id, Until, People.Carol.Id), new MemberLeft(People.Dave.Id),
            new MemberJoined(People.Dave.Id));
        back.When((room, now) => new PostMessage(People.MessageId, People.Dave, "hi").Decide(room, null, null, now))
            .ThenRefused(Domain.Rooms.Room.IsMuted);
    }

    [Theory]
    [InlineData(0, null, true)]
    [InlineData(MuteMember.SecondsMax, "caps", true)]
    [InlineData(MuteMember.SecondsMax + 1, null, false)]
    [InlineData(-1, null, false)]
    [InlineData(1, "", false)]
    [InlineData(1, "a\u0000", false)]
    public void Mutes_have_bounds(int seconds, string? reason, bool valid) =>
        new MuteMember.Validator().Validate(new MuteMember(People.Carol, People.Dave.Id, seconds, reason)).IsValid
            .ShouldBe(valid);

    [Theory]
    [InlineData(Text.ReasonGraphemesMax, true)]
    [InlineData(Text.ReasonGraphemesMax + 1, false)]
    public void Reasons_have_bounds(int length, bool valid)
    {
        var reason = new string('x', length);
        new KickMember.Validator().Validate(new KickMember(People.Carol, People.Dave.Id, reason)).IsValid
            .ShouldBe(valid);
        new BanMember.Validator().Validate(new BanMember(People.Carol, People.Dave.Id, reason)).IsValid.ShouldBe(valid);
        new DeleteMessage.Validator().Validate(new DeleteMessage(People.MessageId, People.Carol, reason)).IsValid
            .ShouldBe(valid);
        new ReportMessage.Validator().Validate(new ReportMessage(People.MessageId, People.Carol, reason)).IsValid
            .ShouldBe(valid);
    }

    private static Decision<RoomEvent> Decide(Func<Room, DateTimeOffset, Decision<RoomEvent>> decide) =>
        decide(World.Of(Members).Room!, People.Noon);
}
