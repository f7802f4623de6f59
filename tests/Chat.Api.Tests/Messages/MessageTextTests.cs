namespace Chat.Api.Tests.Messages;

/// <summary>What a message's text may be: plain, and in end-to-end encrypted rooms.</summary>
public sealed class MessageTextTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Theory]
    [InlineData("e\u0301 is not \u00e9")]
    [InlineData("👨‍👩‍👧‍👦 🇺🇦 👍🏽")]
    [InlineData("\u202eright to left\u202c, tabs\tand\r\nlines")]
    [InlineData("  **not** trimmed, <b>not</b> rendered: https://example.org/?a=1&b=2 ")]
    public async Task Text_is_kept_as_it_was_sent_and_edited(string text)
    {
        using var alice = await server.PersonAsync("Alice");
        var roomId = await alice.CreateRoomAsync();
        var said = await alice.SayAsync(new { roomId, text });
        said.Text().ShouldBe(text);
        (await alice.MessageAsync(said.Id()))!.Value.Text().ShouldBe(text);
        var (edited, _) = await alice.ChangeAsync("editMessage", new { messageId = said.Id(), text = text + "!" });
        edited.Text().ShouldBe(text + "!");
    }

    [Fact]
    public async Task Ten_thousand_characters_are_counted_as_people_do()
    {
        using var alice = await server.PersonAsync("Alice");
        var roomId = await alice.CreateRoomAsync();
        var most = string.Concat(Enumerable.Repeat("e\u0301", 10_000));
        (await alice.SayAsync(new { roomId, text = most })).Text().ShouldBe(most);
        (await alice.RefusalAsync("postMessage", new { roomId, text = most + "x" }))
            .ShouldBe(("INVALID_INPUT", "text"));
        // Half of a surrogate pair is no text; JSON can say it, so GraphQL or the command refuses it.
        var half = await alice.SendAsync(
            $$"""mutation { postMessage(input: { roomId: "{{roomId}}", text: "\ud800" }) { errors { field } } }""");
        half.ToString().ShouldNotContain("\"errors\":[]");
    }

    [Fact]
    public async Task In_an_encrypted_room_text_is_base64_of_at_most_64_KiB()
    {
        using var alice = await server.PersonAsync("Alice");
        var roomId = await alice.CreateRoomAsync("Secret", "PRIVATE", encrypted: true);
        var most = new string('A', 64 * 1024);
        var said = await alice.SayAsync(new { roomId, text = most });
        said.Text().ShouldBe(most);
        foreach (var text in new[] { "hello there", "QUJD\n", "QUJ", "Q===", most + "AAAA" })
        {
            (await alice.RefusalAsync("postMessage", new { roomId, text })).ShouldBe(("INVALID_INPUT", "text"));
            (await alice.RefusalAsync("editMessage", new { messageId = said.Id(), text }))
                .ShouldBe(("INVALID_INPUT", "text"));
        }

        await alice.ChangeAsync("editMessage", new { messageId = said.Id(), text = "QUJD" });
        var reply = await alice.SayAsync(
            new { roomId, text = "QUJDRA==", replyToId = said.Id(), mentionIds = new[] { alice.Id } });
        reply.GetProperty("replyTo").Text().ShouldBe("QUJD");
        reply.Ids("mentions").ShouldBe([alice.Id]);
        // The same text is too long where people can read it: nothing of the two limits mixes.
        var open = await alice.CreateRoomAsync();
        (await alice.RefusalAsync("postMessage", new { roomId = open, text = most }))
            .ShouldBe(("INVALID_INPUT", "text"));
    }
}
