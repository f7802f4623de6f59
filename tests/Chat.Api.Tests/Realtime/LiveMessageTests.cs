using System.Text.Json;
using Chat.Api.Hosting;
using Chat.Api.Tests.Messages;

namespace Chat.Api.Tests.Realtime;

/// <summary>
/// Live messages, and those who wrote them, come from memory. That must not be seen: whoever comes a little later is
/// told what the read models say.
/// </summary>
public sealed class LiveMessageTests(ChatServer server) : IClassFixture<ChatServer>
{
    private const string Watch =
        """
        subscription($roomId: UUID!, $after: Long) { roomEvents(roomId: $roomId, after: $after) {
          __typename position actor { displayName } ... on MessagePosted { message {
            text deletedAt replyCount pinned author { displayName erasedAt } reactions { emoji count } } }
        } }
        """;

    [Fact]
    public async Task A_post_and_its_delivery_hardly_read()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var roomId = await alice.CreateRoomAsync();
        await bob.JoinAsync(roomId);
        await using var socket = await WatchAsync(bob, roomId, await alice.PositionAsync(roomId));
        await alice.SayAsync(roomId, "the first one");
        await NextTextAsync(socket);
        using var queries = new QueryCounter(server);
        await alice.SayAsync(roomId, "the second one");
        (await NextTextAsync(socket)).ShouldBe("the second one");
        // The answer may be made before the author is known to be the same still.
        queries.Reads.Count.ShouldBeLessThan(2);
    }

    [Fact]
    public async Task A_new_name_is_seen_from_the_next_event_on()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var roomId = await alice.CreateRoomAsync();
        await bob.JoinAsync(roomId);
        await using var socket = await WatchAsync(bob, roomId, await alice.PositionAsync(roomId));
        for (var i = 0; i < 5; i++)
        {
            var name = $"Alice {i}";
            await alice.DoAsync("updateProfile", new { displayName = name }, "user { displayName }");
            var answer = await alice.DoAsync(
                "postMessage", new { roomId, text = name }, "message { author { displayName } }");
            answer.GetProperty("message").GetProperty("author").GetProperty("displayName").GetString().ShouldBe(name);
            var step = (await socket.NextAsync()).ShouldNotBeNull();
            step.GetProperty("actor").GetProperty("displayName").GetString().ShouldBe(name);
            step.GetProperty("message").GetProperty("author").GetProperty("displayName").GetString().ShouldBe(name);
        }
    }

    [Fact]
    public async Task What_has_happened_to_a_message_since_is_seen_by_who_comes_later()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var roomId = await alice.CreateRoomAsync();
        await bob.JoinAsync(roomId);
        var after = await alice.PositionAsync(roomId);
        // Keeps the room's newest events in memory.
        await using var early = await WatchAsync(bob, roomId, after);
        var reacted = await alice.SayAsync(roomId, "reacted");
        var pinned = await alice.SayAsync(roomId, "pinned");
        var edited = await alice.SayAsync(roomId, "edited");
        var deleted = await alice.SayAsync(roomId, "deleted");
        var root = await alice.SayAsync(roomId, "root");
        await alice.SayAsync(roomId, "untouched");
        await bob.DoAsync("addReaction", new { messageId = reacted, emoji = "👍" }, "position");
        await alice.DoAsync("pinMessage", new { messageId = pinned }, "position");
        await alice.DoAsync("editMessage", new { messageId = edited, text = "better" }, "position");
        await alice.DoAsync("deleteMessage", new { messageId = deleted }, "position");
        await alice.SayAsync(new { roomId, text = "in the thread", threadRootId = root });
        await alice.SayAsync(roomId, "the last one");
        await ReadToAsync(early, "the last one");

        await using var late = await WatchAsync(bob, roomId, after);
        var messages = new List<JsonElement>();
        for (var i = 0; i < 6; i++)
            messages.Add((await late.NextAsync()).ShouldNotBeNull().GetProperty("message"));
        messages[0].GetProperty("reactions")[0].GetProperty("emoji").GetString().ShouldBe("👍");
        messages[1].GetProperty("pinned").GetBoolean().ShouldBeTrue();
        messages[2].GetProperty("text").GetString().ShouldBe("better");
        messages[3].GetProperty("text").GetString().ShouldBe("");
        messages[3].GetProperty("deletedAt").ValueKind.ShouldNotBe(JsonValueKind.Null);
        messages[4].GetProperty("replyCount").GetInt32().ShouldBe(1);
        messages[5].GetProperty("text").GetString().ShouldBe("untouched");
    }

    [Fact]
    public async Task Who_looks_at_people_that_are_not_known_yet_does_not_wait_for_others_who_do()
    {
        using var alice = await server.PersonAsync("Alice");
        var id = await alice.CreateRoomAsync();
        // Each of them holds a connection with its snapshot when it comes to the people.
        var answers = await Task.WhenAll(Enumerable.Range(0, 2 * ChatServices.SnapshotsMax).Select(_ =>
            alice.DataAsync("query($id: UUID!) { room(id: $id) { activity { actor { displayName } } } }", new { id })));
        foreach (var answer in answers)
        {
            answer.GetProperty("room").GetProperty("activity")[0].GetProperty("actor").GetProperty("displayName")
                .GetString().ShouldBe("Alice");
        }
    }

    [Fact]
    public async Task An_erased_persons_words_are_gone_from_memory_too()
    {
        using var alice = await server.PersonAsync("Alice");
        using var eve = await server.GuestAsync("Eve");
        var roomId = await alice.CreateRoomAsync();
        await eve.JoinAsync(roomId);
        var after = await alice.PositionAsync(roomId);
        await using var early = await WatchAsync(alice, roomId, after);
        await eve.SayAsync(roomId, "my secret");
        (await NextTextAsync(early)).ShouldBe("my secret");
        await eve.DoAsync("eraseAccount", new { password = "" }, "ok");
        await alice.SayAsync(roomId, "still here");
        await ReadToAsync(early, "still here");

        await using var late = await WatchAsync(alice, roomId, after);
        var message = (await late.NextAsync()).ShouldNotBeNull().GetProperty("message");
        message.GetProperty("text").GetString().ShouldBe("");
        message.GetProperty("author").GetProperty("erasedAt").ValueKind.ShouldNotBe(JsonValueKind.Null);
    }

    private static async Task<ChatSocket> WatchAsync(ChatClient who, Guid roomId, long after)
    {
        var socket = await who.ConnectAsync();
        await socket.SubscribeAsync(Watch, new { roomId, after });
        return socket;
    }

    private static async Task ReadToAsync(ChatSocket socket, string text)
    {
        while (true)
        {
            if ((await socket.NextAsync()).ShouldNotBeNull().TryGetProperty("message", out var message)
                && message.GetProperty("text").GetString() == text)
                return;
        }
    }

    private static async Task<string?> NextTextAsync(ChatSocket socket) =>
        (await socket.NextAsync()).ShouldNotBeNull().GetProperty("message").GetProperty("text").GetString();
}
