using Chat.Domain.Messages;
using Chat.Domain.Rooms;

namespace Chat.Domain.Tests.Messages;

public sealed class PostMessageTests
{
    private static readonly Guid Id = new("00000000-0000-4000-8000-0000000000ab");
    private static readonly PostMessage Post = new(Id, People.Bob, "hello");
    private static readonly Given Room = Given.Events(People.PublicRoom, People.BobJoined);

    [Fact]
    public void A_member_posts() => When(Room, Post).Then(new MessagePosted(Id, People.Bob.Id, "hello"));

    [Fact]
    public void Who_left_does_not() =>
        When(Room.And(new MemberLeft(People.Bob.Id)), Post).ThenRefused(Domain.Rooms.Room.NotMember);

    [Fact]
    public void A_stranger_does_not_learn_of_a_private_room() =>
        When(Given.Events(People.PrivateRoom), Post).ThenRefused(Refusal.NotFound);

    [Fact]
    public void The_banned_are_told_so() =>
        When(Room.And(new MemberBanned(People.Bob.Id, People.Alice.Id)), Post)
            .ThenRefused(Domain.Rooms.Room.IsBanned);

    [Fact]
    public void Nobody_posts_in_an_archived_room() =>
        When(Room.And(new RoomArchived()), Post).ThenRefused(Domain.Rooms.Room.IsArchived);

    [Fact]
    public void Guests_write_where_they_may()
    {
        var closed = People.Settings(settings => settings with { GuestsCanPost = false });
        var room = Given.Events(People.PublicRoom, new MemberJoined(People.Gina.Id));
        var post = Post with { Author = People.Gina };
        When(room, post).Then(new MessagePosted(Id, People.Gina.Id, "hello"));
        When(room.And(closed), post).ThenRefused(Domain.Rooms.Room.GuestsCannotPost);
    }

    [Fact]
    public void Ten_thousand_characters_are_enough()
    {
        var longest = new string('x', 10_000);
        When(Room, Post with { Text = longest }).Then(new MessagePosted(Id, People.Bob.Id, longest));
        When(Room, Post with { Text = new string('x', 10_001) }).ThenRefused(MessageText.TooLong);
        var flags = string.Concat(Enumerable.Repeat("🇺🇦", 10_000));
        When(Room, Post with { Text = flags }).Then(new MessagePosted(Id, People.Bob.Id, flags));
    }

    [Fact]
    public void An_encrypted_room_takes_ciphertext_only_and_so_much()
    {
        var room = Given.Events(People.PrivateRoom with { Encrypted = true, CreatedBy = People.Bob.Id });
        var longest = new string('A', MessageText.CiphertextBytesMax);
        foreach (var text in new[] { "aGVsbG8=", longest })
            When(room, Post with { Text = text }).Then(new MessagePosted(Id, People.Bob.Id, text));
        foreach (var text in new[] { "hello there", "aGVs bG8=" })
            When(room, Post with { Text = text }).ThenRefused(MessageText.NotCiphertext);
        When(room, Post with { Text = longest + "AAAA" }).ThenRefused(MessageText.CiphertextTooLong);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(" \n\t ", false)]
    [InlineData("\u200B", false)]
    [InlineData("a\u0000b", false)]
    [InlineData("a\u0085b", false)]
    [InlineData("two\r\nlines\tand a tab", true)]
    [InlineData("e\u0301 stays as it was sent", true)]
    [InlineData("right to left \u202E stays text", true)]
    public void Text_is_visible_and_without_control_characters(string text, bool valid)
    {
        new PostMessage.Validator().Validate(Post with { Text = text }).IsValid.ShouldBe(valid);
        new EditMessage.Validator().Validate(new EditMessage(Id, People.Bob, text)).IsValid.ShouldBe(valid);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_no_text() =>
        new PostMessage.Validator().Validate(Post with { Text = "half \uDC00" }).IsValid.ShouldBeFalse();

    [Fact]
    public void A_reply_names_a_message_that_its_author_sees()
    {
        var reply = Post with { ReplyToId = People.MessageId };
        When(Room.And(People.PostedBy(People.Alice)), reply)
            .Then(new MessagePosted(Id, People.Bob.Id, "hello", ReplyToId: People.MessageId));
        When(Room, reply).ThenRefused(PostMessage.NoSuchReply);
        var before = Given.Events(
            People.PublicRoom, People.PostedBy(People.Alice), new MemberJoined(People.Bob.Id, HistoryHidden: true));
        When(before, reply).ThenRefused(PostMessage.NoSuchReply);
        When(before, Post with { ThreadRootId = People.MessageId }).ThenRefused(PostMessage.NoSuchThread);
    }

    [Fact]
    public void A_message_of_another_room_is_not_there()
    {
        var elsewhere = new Message(People.MessageId, Guid.Empty, 1, People.Alice.Id, People.Noon, "hi");
        Room.When((room, now) =>
                (Post with { ReplyToId = elsewhere.Id }).Decide(room, elsewhere, threadRoot: null, now))
            .ThenRefused(PostMessage.NoSuchReply);
    }

    [Fact]
    public void A_thread_begins_with_a_message_that_is_in_none()
    {
        var inThread = Post with { ThreadRootId = People.MessageId };
        When(Room.And(People.PostedBy(People.Alice)), inThread)
            .Then(new MessagePosted(Id, People.Bob.Id, "hello", ThreadRootId: People.MessageId));
        When(Room.And(People.PostedBy(People.Alice) with { ThreadRootId = Guid.Empty }), inThread)
            .ThenRefused(PostMessage.NestedThread);
    }

    [Fact]
    public void Members_are_mentioned_each_once()
    {
        When(Room, Post with { MentionIds = [People.Alice.Id, People.Alice.Id] })
            .Then(new MessagePosted(Id, People.Bob.Id, "hello", MentionIds: [People.Alice.Id]));
        When(Room, Post with { MentionIds = [People.Carol.Id] }).ThenRefused(MessageText.MentionNotMember);
        var validator = new PostMessage.Validator();
        validator.Validate(Post with { MentionIds = new Guid[MessageText.MentionsMax] }).IsValid.ShouldBeTrue();
        validator.Validate(Post with { MentionIds = new Guid[MessageText.MentionsMax + 1] }).IsValid.ShouldBeFalse();
    }

    [Fact]
    public void Moderators_mention_the_room()
    {
        var post = Post with { MentionsRoom = true };
        When(Room, post).ThenRefused(PostMessage.CannotMentionRoom);
        When(Room.And(People.Bob.Became(RoomRole.Moderator)), post)
            .Then(new MessagePosted(Id, People.Bob.Id, "hello", MentionsRoom: true));
    }

    [Fact]
    public void Slow_mode_makes_each_member_wait_for_themselves()
    {
        var slow = Given.Events(
            People.PublicRoom, People.BobJoined, new MemberJoined(People.Carol.Id),
            People.Settings(settings => settings with { SlowModeSeconds = 10 }));
        var first = new MessagePosted(People.MessageId, People.Bob.Id, "hello", Slowed: true);
        When(slow, Post with { MessageId = People.MessageId }).Then(first);
        var waiting = slow.And(first).Later(TimeSpan.FromSeconds(4));
        When(waiting, Post).ThenRefused(PostMessage.SlowMode with { RetryAfter = TimeSpan.FromSeconds(6) });
        When(waiting.And(new MemberLeft(People.Bob.Id), People.BobJoined), Post)
            .ThenRefused(PostMessage.SlowMode with { RetryAfter = TimeSpan.FromSeconds(6) });
        When(waiting, Post with { Author = People.Carol })
            .Then(new MessagePosted(Id, People.Carol.Id, "hello", Slowed: true));
        When(waiting.And(People.Bob.Became(RoomRole.Moderator)), Post)
            .Then(new MessagePosted(Id, People.Bob.Id, "hello"));
        When(waiting.And(People.Settings(settings => settings)), Post)
            .Then(new MessagePosted(Id, People.Bob.Id, "hello"));
        When(waiting.Later(TimeSpan.FromSeconds(6)), Post)
            .Then(new MessagePosted(Id, People.Bob.Id, "hello", Slowed: true));
    }

    // The hot path: nobody's post waits for another's, and the state does not grow with posts.
    [Fact]
    public void A_plain_post_has_no_tags_and_leaves_the_room_as_it_was()
    {
        var world = World.Of(People.PublicRoom, People.BobJoined);
        var plain = new MessagePosted(Id, People.Bob.Id, "hello");
        Domain.Rooms.Room.TagsOf(plain).ShouldBeEmpty();
        world.With(plain).Room.ShouldBeSameAs(world.Room);
        Post.RestsOn(world.Room!).ShouldBe(
            [Domain.Rooms.Room.SettingsTag, Domain.Rooms.Room.MemberTag(People.Bob.Id)]);
    }

    private static Given When(Given given, PostMessage post) => given.When(world =>
        post.Decide(world.Room!, world.Find(post.ReplyToId), world.Find(post.ThreadRootId), world.Now));
}
