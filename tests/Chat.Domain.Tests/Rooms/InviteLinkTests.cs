using Chat.Domain.Rooms;

namespace Chat.Domain.Tests.Rooms;

public sealed class InviteLinkTests
{
    private static readonly Guid LinkId = new("00000000-0000-4000-8000-0000000000c1");
    private static readonly World Private = World.Of(People.PrivateRoom, People.BobJoined);
    private static readonly CreateInviteLink Create =
        new(LinkId, People.Bob, "hash", MaxUses: 1, People.Noon.AddDays(1));

    private static readonly InviteLinkCreated Created = new(
        LinkId, People.RoomId, People.Bob.Id, "hash", 1, People.Noon.AddDays(1));

    private static readonly AcceptInviteLink Accept = new(People.Carol);

    [Fact]
    public void Who_may_invite_makes_a_link()
    {
        Create.Decide(Private.Room!, 0, People.Noon).Events.ShouldBe([Created]);
        Create.Decide(Private.Room!, CreateInviteLink.OpenLinksMax, People.Noon).Refusal
            .ShouldBe(CreateInviteLink.TooMany);
        (Create with { Inviter = People.Carol }).Decide(Private.Room!, 0, People.Noon).Refusal
            .ShouldBe(Refusal.NotFound);
        Create.Decide(Private.With(new RoomArchived()).Room!, 0, People.Noon).Refusal.ShouldBe(Room.IsArchived);
    }

    [Fact]
    public void An_expiry_lies_ahead_within_bounds()
    {
        foreach (var (days, valid) in new[] { (0, false), (-1, false), (365, true), (366, false) })
        {
            var refusal = (Create with { ExpiresAt = People.Noon.AddDays(days) })
                .Decide(Private.Room!, 0, People.Noon).Refusal;
            refusal.ShouldBe(valid ? null : CreateInviteLink.BadExpiry);
        }
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(CreateInviteLink.MaxUsesMax, true)]
    [InlineData(CreateInviteLink.MaxUsesMax + 1, false)]
    public void Uses_have_bounds(int? maxUses, bool valid) =>
        new CreateInviteLink.Validator().Validate(Create with { MaxUses = maxUses }).IsValid.ShouldBe(valid);

    [Fact]
    public void A_link_opens_a_private_room_as_often_as_it_says()
    {
        var link = LinkOf(Created);
        Accept.Decide(Private.Room, link, People.Noon).Events.ShouldBe([new MemberJoined(People.Carol.Id)]);
        var used = InviteLink.Evolve(link, Accept.Use);
        Accept.Decide(Private.Room, used, People.Noon).Refusal.ShouldBe(InviteLink.Invalid);
        var inside = Private.With(new MemberJoined(People.Carol.Id)).Room;
        Accept.Decide(inside, used, People.Noon).ShouldBe(Decision<RoomEvent>.Nothing);
        Accept.Decide(Private.Room, LinkOf(Created with { MaxUses = null }, Accept.Use), People.Noon).Events.Count
            .ShouldBe(1);
    }

    [Fact]
    public void All_that_is_wrong_with_a_code_looks_alike()
    {
        var link = LinkOf(Created);
        Room?[] rooms =
        [
            null,
            Private.With(new MemberKicked(People.Bob.Id, People.Alice.Id)).Room,
            Private.With(People.Settings(settings => settings with { MembersCanInvite = false })).Room,
            World.Of(People.PrivateRoom with { RoomId = Guid.Empty }, People.BobJoined).Room,
        ];
        foreach (var room in rooms)
            Accept.Decide(room, link, People.Noon).Refusal.ShouldBe(InviteLink.Invalid);
        Accept.Decide(Private.Room, null, People.Noon).Refusal.ShouldBe(InviteLink.Invalid);
        Accept.Decide(Private.Room, link, People.Noon.AddDays(1)).Refusal.ShouldBe(InviteLink.Invalid);
        Accept.Decide(Private.Room, LinkOf(Created, new InviteLinkRevoked(People.Alice.Id)), People.Noon).Refusal
            .ShouldBe(InviteLink.Invalid);
    }

    [Fact]
    public void A_link_does_not_help_the_banned_nor_in_an_archived_room()
    {
        var link = LinkOf(Created);
        Accept.Decide(Private.With(new MemberBanned(People.Carol.Id, People.Alice.Id)).Room, link, People.Noon).Refusal
            .ShouldBe(Room.IsBanned);
        Accept.Decide(Private.With(new RoomArchived()).Room, link, People.Noon).Refusal.ShouldBe(Room.IsArchived);
    }

    [Fact]
    public void A_link_is_revoked_by_its_maker_or_a_moderator()
    {
        var room = Private.With(new MemberJoined(People.Carol.Id)).Room!;
        var link = LinkOf(Created);
        Revoke(People.Bob).Events.ShouldBe([new InviteLinkRevoked(People.Bob.Id)]);
        Revoke(People.Alice).Events.ShouldBe([new InviteLinkRevoked(People.Alice.Id)]);
        Revoke(People.Carol).Refusal.ShouldBe(Room.NotAllowed);
        Revoke(People.Dave).Refusal.ShouldBe(Refusal.NotFound);
        new RevokeInviteLink(People.Alice).Decide(room, null, People.Noon).Refusal.ShouldBe(InviteLink.Invalid);
        new RevokeInviteLink(People.Bob).Decide(
            room, InviteLink.Evolve(link, new InviteLinkRevoked(People.Bob.Id)), People.Noon).Events.ShouldBeEmpty();

        Decision<InviteLinkEvent> Revoke(Domain.Accounts.Actor member) =>
            new RevokeInviteLink(member).Decide(room, link, People.Noon);
    }

    [Fact]
    public void Only_links_with_a_limit_are_used_one_after_the_other()
    {
        LinkOf(Created).RestsOn.ShouldBe([InviteLink.RevokedTag, InviteLink.UsesTag]);
        LinkOf(Created with { MaxUses = null }).RestsOn.ShouldBe([InviteLink.RevokedTag]);
        InviteLink.TagsOf(Accept.Use).ShouldBe([InviteLink.UsesTag]);
        InviteLink.TagsOf(new InviteLinkRevoked(Guid.Empty)).ShouldBe([InviteLink.RevokedTag]);
    }

    [Fact]
    public void A_code_is_kept_as_its_SHA_256() =>
        InviteLink.HashOf("abc").ShouldBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

    private static InviteLink LinkOf(params InviteLinkEvent[] events) =>
        events.Aggregate((InviteLink?)null, InviteLink.Evolve)!;
}
