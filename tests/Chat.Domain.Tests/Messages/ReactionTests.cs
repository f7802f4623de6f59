using Chat.Domain.Messages;
using Chat.Domain.Rooms;

namespace Chat.Domain.Tests.Messages;

public sealed class ReactionTests
{
    private static readonly Given Posted =
        Given.Events(People.PublicRoom, People.BobJoined, People.PostedBy(People.Alice));

    private static readonly ReactionAdded AliceLikes = new(People.MessageId, People.Alice.Id, "👍", NewKind: true);

    [Fact]
    public void A_member_reacts_and_takes_it_back()
    {
        Add(Posted, "👍").ThenOnce(new ReactionAdded(People.MessageId, People.Bob.Id, "👍", NewKind: true));
        Add(Posted.And(AliceLikes), "👍").ThenOnce(new ReactionAdded(People.MessageId, People.Bob.Id, "👍"));
        Remove(Posted.And(AliceLikes, new ReactionAdded(People.MessageId, People.Bob.Id, "👍")), "👍")
            .ThenOnce(new ReactionRemoved(People.MessageId, People.Bob.Id, "👍"));
        Remove(Posted.And(AliceLikes), "👍").ThenNothing();
    }

    [Fact]
    public void Twenty_kinds_are_the_most()
    {
        var kinds = Enumerable.Range(0, Reactions.KindsMax)
            .Select(i => new ReactionAdded(People.MessageId, People.Alice.Id, Face(i), NewKind: true)).ToList();
        Add(Posted.And(kinds.Skip(1)), "👍")
            .ThenOnce(new ReactionAdded(People.MessageId, People.Bob.Id, "👍", NewKind: true));
        Add(Posted.And(kinds), "👍").ThenRefused(AddReaction.TooManyKinds);
        Add(Posted.And(kinds), Face(0)).ThenOnce(new ReactionAdded(People.MessageId, People.Bob.Id, Face(0)));
        Add(Posted.And(kinds).And(new ReactionRemoved(People.MessageId, People.Alice.Id, Face(0))), "👍")
            .ThenOnce(new ReactionAdded(People.MessageId, People.Bob.Id, "👍", NewKind: true));
    }

    [Fact]
    public void Strangers_the_muted_and_the_deleted_have_no_part_in_it()
    {
        Add(Given.Events(People.PublicRoom, People.PostedBy(People.Alice)), "👍").ThenRefused(Refusal.NotFound);
        Add(Posted.And(new MemberMuted(People.Bob.Id, People.Noon.AddDays(1), People.Alice.Id)), "👍")
            .ThenRefused(Room.IsMuted);
        Add(Posted.And(new MessageDeleted(People.MessageId, People.Alice.Id)), "👍").ThenRefused(Message.IsDeleted);
    }

    // A crowd that reacts with the same emoji must not stand in its own way.
    [Fact]
    public void The_same_reaction_of_others_is_in_nobodys_way()
    {
        var another = new ReactionAdded(People.MessageId, People.Carol.Id, "👍");
        Room.TagsOf(another).Intersect(new AddReaction(People.MessageId, People.Bob, "👍").RestsOn).ShouldBeEmpty();
        Room.TagsOf(AliceLikes).ShouldContain(Room.KindsTag(People.MessageId));
    }

    [Theory]
    [InlineData("👍")]
    [InlineData("👍🏿")]
    [InlineData("❤")]
    [InlineData("❤️")]
    [InlineData("🇺🇦")]
    [InlineData("1️⃣")]
    [InlineData("#⃣")]
    [InlineData("👨‍👩‍👧‍👦")]
    [InlineData("👩🏻‍❤️‍💋‍👨🏿")]
    [InlineData("🏴󠁧󠁢󠁥󠁮󠁧󠁿")]
    [InlineData("🏳️‍🌈")]
    [InlineData("🫖")]
    [InlineData("©")]
    public void This_is_one_emoji(string text) => IsValid(text).ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("1")]
    [InlineData("#")]
    [InlineData("1️")]
    [InlineData("👍👍")]
    [InlineData("👍 ")]
    [InlineData("👍a")]
    [InlineData("👍\u0301")]
    [InlineData("👍\u200D")]
    [InlineData("🇺")]
    [InlineData("🇺🇦🇺🇦")]
    [InlineData("é")]
    [InlineData("\u200D")]
    [InlineData("\uFE0F")]
    [InlineData("👍\u0000")]
    public void This_is_not(string text) => IsValid(text).ShouldBeFalse();

    [Fact]
    public void An_emoji_is_no_place_for_a_novel()
    {
        var long64 = "🏴" + string.Concat(Enumerable.Repeat("\U000E0067", 15));
        IsValid(long64).ShouldBeTrue();
        IsValid(long64 + "\U000E0067").ShouldBeFalse();
        IsValid("\uD83D").ShouldBeFalse();
    }

    private static bool IsValid(string emoji) =>
        new AddReaction.Validator().Validate(new AddReaction(People.MessageId, People.Bob, emoji)).IsValid;

    private static string Face(int number) => char.ConvertFromUtf32(0x1F600 + number);

    private static Given Add(Given given, string emoji) => given.When(world =>
        new AddReaction(People.MessageId, People.Bob, emoji).Decide(
            world.Room!, world.Find(People.MessageId), world.ReactionsOf(People.MessageId, People.Bob), world.Now));

    private static Given Remove(Given given, string emoji) => given.When(world =>
        new RemoveReaction(People.MessageId, People.Bob, emoji).Decide(
            world.Room!, world.Find(People.MessageId), world.ReactionsOf(People.MessageId, People.Bob), world.Now));
}
