namespace Chat.Api.Tests.Messages;

public sealed class ReactionTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task Reactions_are_groups_of_people_in_order()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var roomId = await alice.CreateRoomAsync();
        await bob.JoinAsync(roomId);
        var messageId = await alice.SayAsync(roomId, "hello");
        var (one, position) = await bob.ChangeAsync("addReaction", new { messageId, emoji = "👍" });
        one.Reactions().ShouldBe("👍1");
        position.ShouldBe(4);
        await bob.ChangeAsync("addReaction", new { messageId, emoji = "👩‍🚀" });
        await alice.ChangeAsync("addReaction", new { messageId, emoji = "👍" });
        var (message, last) = await alice.ChangeAsync("addReaction", new { messageId, emoji = "👍" });
        // Reacting like this again is no step.
        last.ShouldBe(6);
        message.Reactions().ShouldBe("👍2 👩‍🚀1");
        var groups = message.GetProperty("reactions");
        groups[0].Ids("users").ShouldBe([bob.Id, alice.Id]);
        groups[0].GetProperty("viewerReacted").GetBoolean().ShouldBeTrue();
        groups[1].GetProperty("viewerReacted").GetBoolean().ShouldBeFalse();
        (await bob.MessageAsync(messageId))!.Value.GetProperty("reactions")[1].GetProperty("viewerReacted")
            .GetBoolean().ShouldBeTrue();
        var few = await alice.DataAsync(
            """
            query($id: UUID!) { message(id: $id) { reactions { one: users(first: 1) { id } two: users { id } } } }
            """,
            new { id = messageId });
        few.GetProperty("message").GetProperty("reactions")[0].Ids("one").ShouldBe([bob.Id]);
        few.GetProperty("message").GetProperty("reactions")[0].Ids("two").ShouldBe([bob.Id, alice.Id]);
        (await alice.ErrorCodeAsync(
            "query($id: UUID!) { message(id: $id) { reactions { users(first: 0) { id } } } }", new { id = messageId }))
            .ShouldBe("INVALID_INPUT");

        var (removed, at) = await bob.ChangeAsync("removeReaction", new { messageId, emoji = "👍" });
        removed.Reactions().ShouldBe("👍1 👩‍🚀1");
        (await bob.ChangeAsync("removeReaction", new { messageId, emoji = "👍" })).Position.ShouldBe(at);
        (await alice.ChangeAsync("removeReaction", new { messageId, emoji = "👍" })).Message.Reactions()
            .ShouldBe("👩‍🚀1");
        // A kind that comes again is the last.
        (await alice.ChangeAsync("addReaction", new { messageId, emoji = "👍" })).Message.Reactions()
            .ShouldBe("👩‍🚀1 👍1");
    }

    [Fact]
    public async Task Reactions_of_a_page_are_each_messages_own()
    {
        using var alice = await server.PersonAsync("Alice");
        var roomId = await alice.CreateRoomAsync();
        var ids = new List<Guid>();
        foreach (var emoji in new[] { "😀", "😁", "😂" })
        {
            ids.Add(await alice.SayAsync(roomId, emoji));
            await alice.ChangeAsync("addReaction", new { messageId = ids[^1], emoji });
        }

        await alice.ChangeAsync("pinMessage", new { messageId = ids[1] });
        var data = await alice.DataAsync(
            $"query($id: UUID!) {{ room(id: $id) {{ messages {{ nodes {{ {MessageCalls.Fields} }} }} }} }}",
            new { id = roomId });
        var nodes = data.GetProperty("room").GetProperty("messages").GetProperty("nodes").EnumerateArray().ToList();
        nodes.ShouldAllBe(node => node.Reactions() == $"{node.Text()}1");
        nodes.Select(node => node.GetProperty("pinned").GetBoolean()).ShouldBe([false, true, false]);
    }

    [Fact]
    public async Task What_is_no_emoji_and_the_21st_kind_are_refused()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        using var guest = await server.GuestAsync("Guest");
        var roomId = await alice.CreateRoomAsync();
        await bob.JoinAsync(roomId);
        await guest.JoinAsync(roomId);
        var messageId = await alice.SayAsync(roomId, "hello");
        foreach (var emoji in new[] { "", "a", "👍👍", "👍 ", "\u0007" })
        {
            (await alice.RefusalAsync("addReaction", new { messageId, emoji }))
                .ShouldBe(("INVALID_INPUT", "emoji"), emoji);
        }

        await alice.ForEachAsync(
            "addReaction", Kinds(20), emoji => $"messageId: \"{messageId}\", emoji: \"{emoji}\"");
        (await bob.RefusalAsync("addReaction", new { messageId, emoji = "🦆" }))
            .ShouldBe(("MESSAGE_REACTIONS_FULL", "emoji"));
        var first = Kinds(1)[0];
        (await bob.ChangeAsync("addReaction", new { messageId, emoji = first })).Message.GetProperty("reactions")[0]
            .Number("count").ShouldBe(2);
        await alice.ChangeAsync("removeReaction", new { messageId, emoji = Kinds(2)[1] });
        await bob.ChangeAsync("addReaction", new { messageId, emoji = "🦆" });

        await alice.SetAsync(roomId, new { guestsCanPost = false });
        (await guest.RefusalAsync("addReaction", new { messageId, emoji = first })).Code
            .ShouldBe("ROOM_GUESTS_CANNOT_POST");
        await alice.DoAsync("muteMember", new { roomId, userId = bob.Id, seconds = 600 }, "position");
        (await bob.RefusalAsync("removeReaction", new { messageId, emoji = first })).Code.ShouldBe("ROOM_MUTED");
    }

    internal static string[] Kinds(int count) =>
        [.. Enumerable.Range(0, count).Select(i => char.ConvertFromUtf32(0x1F600 + i))];
}
