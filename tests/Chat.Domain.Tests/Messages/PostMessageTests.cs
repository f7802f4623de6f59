using Chat.Domain.Messages;
using Chat.Domain.Rooms;

namespace Chat.Domain.Tests.Messages;

public sealed class PostMessageTests
{
    private static readonly Guid Id = new("00000000-0000-4000-8000-0000000000aa");
    private static readonly PostMessage Post = new(Id, People.Bob, "hello");
    private static readonly Given Room = Given.Events(People.PublicRoom, new MemberJoined(People.Bob));

    [Fact]
    public void A_member_posts() => Room.When(Post.Decide).Then(new MessagePosted(Id, People.Bob, "hello"));

    [Fact]
    public void Who_left_does_not() =>
        Room.And(new MemberLeft(People.Bob)).When(Post.Decide).ThenRefused(Domain.Rooms.Room.NotMember);

    [Fact]
    public void A_stranger_does_not_learn_of_a_private_room() =>
        Given.Events(People.PrivateRoom).When(Post.Decide).ThenRefused(Refusal.NotFound);

    [Fact]
    public void Nobody_posts_in_an_archived_room() =>
        Room.And(new RoomArchived()).When(Post.Decide).ThenRefused(Domain.Rooms.Room.IsArchived);

    [Fact]
    public void Ten_thousand_characters_are_enough()
    {
        var longest = new string('x', 10_000);
        Room.When((Post with { Text = longest }).Decide).Then(new MessagePosted(Id, People.Bob, longest));
        Room.When((Post with { Text = new string('x', 10_001) }).Decide).ThenRefused(PostMessage.TooLong);
        var flags = string.Concat(Enumerable.Repeat("🇺🇦", 10_000));
        Room.When((Post with { Text = flags }).Decide).Then(new MessagePosted(Id, People.Bob, flags));
    }

    [Theory]
    [InlineData("aGVsbG8=", true)]
    [InlineData("hello there", false)]
    [InlineData("aGVs bG8=", false)]
    public void An_encrypted_room_takes_ciphertext_only(string text, bool accepted)
    {
        var room = Given.Events(People.PrivateRoom with { Encrypted = true, CreatedBy = People.Bob })
            .When((Post with { Text = text }).Decide);
        if (accepted)
            room.Then(new MessagePosted(Id, People.Bob, text));
        else
            room.ThenRefused(PostMessage.NotCiphertext);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(" \n\t ", false)]
    [InlineData("\u200B", false)]
    [InlineData("a\u0000b", false)]
    [InlineData("a\u0085b", false)]
    [InlineData("two\r\nlines\tand a tab", true)]
    [InlineData("right to left \u202E stays text", true)]
    public void Text_is_visible_and_without_control_characters(string text, bool valid) =>
        new PostMessage.Validator().Validate(Post with { Text = text }).IsValid.ShouldBe(valid);

    [Fact]
    public void Half_a_surrogate_pair_is_no_text() =>
        new PostMessage.Validator().Validate(Post with { Text = "half \uDC00" }).IsValid.ShouldBeFalse();
}
