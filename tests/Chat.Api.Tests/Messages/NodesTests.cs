namespace Chat.Api.Tests.Messages;

/// <summary>Limits that hold when two nodes are asked at the same moment.</summary>
public sealed class NodesTests(ChatServer server) : IClassFixture<ChatServer>, IAsyncLifetime
{
    private const int Rounds = 3;

    private ChatServer _other = null!;

    public async ValueTask InitializeAsync()
    {
        _other = new ChatServer { ConnectionString = server.DatabaseConnection };
        _other.Settings["Chat:NodeName"] = "other";
        await _other.InitializeAsync();
    }

    public ValueTask DisposeAsync() => _other.DisposeAsync();

    [Fact]
    public async Task One_of_two_21st_kinds_is_refused()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await _other.PersonAsync("Bob");
        var roomId = await alice.CreateRoomAsync();
        await bob.JoinAsync(roomId);
        for (var round = 0; round < Rounds; round++)
        {
            var messageId = await alice.SayAsync(roomId, $"{round}");
            await alice.ForEachAsync(
                "addReaction", ReactionTests.Kinds(19), emoji => $"messageId: \"{messageId}\", emoji: \"{emoji}\"");
            var codes = await Task.WhenAll(
                CodeAsync(alice, "addReaction", new { messageId, emoji = "🦆" }),
                CodeAsync(bob, "addReaction", new { messageId, emoji = "🦉" }));
            codes.Order().ShouldBe([null, "MESSAGE_REACTIONS_FULL"]);
            (await bob.MessageAsync(messageId))!.Value.GetProperty("reactions").GetArrayLength().ShouldBe(20);
        }
    }

    [Fact]
    public async Task One_of_two_51st_pins_is_refused()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await _other.PersonAsync("Bob");
        var roomId = await alice.CreateRoomAsync();
        await bob.JoinAsync(roomId);
        await alice.RoleAsync(roomId, bob, "MODERATOR");
        var messages = await PinTests.PostedAsync(alice, roomId, 51);
        await alice.ForEachAsync("pinMessage", messages.Take(49), id => $"messageId: \"{id}\"");
        for (var round = 0; round < Rounds; round++)
        {
            var codes = await Task.WhenAll(
                CodeAsync(alice, "pinMessage", new { messageId = messages[49] }),
                CodeAsync(bob, "pinMessage", new { messageId = messages[50] }));
            codes.Order().ShouldBe([null, "ROOM_PINS_FULL"]);
            await bob.ChangeAsync("unpinMessage", new { messageId = messages[49] });
            await bob.ChangeAsync("unpinMessage", new { messageId = messages[50] });
        }
    }

    [Fact]
    public async Task Slow_mode_holds_over_nodes()
    {
        using var alice = await server.PersonAsync("Alice");
        using var here = server.Anonymous();
        using var there = _other.Anonymous();
        var email = $"bob-{Guid.NewGuid():N}@example.org";
        await here.RegisterAsync(email, "Bob");
        await there.SignInAsync(email);
        for (var round = 0; round < Rounds; round++)
        {
            var roomId = await alice.CreateRoomAsync();
            await here.JoinAsync(roomId);
            await alice.SetAsync(roomId, new { slowModeSeconds = 600 });
            var codes = await Task.WhenAll(
                CodeAsync(here, "postMessage", new { roomId, text = "here" }),
                CodeAsync(there, "postMessage", new { roomId, text = "there" }));
            codes.Order().ShouldBe([null, "ROOM_SLOW_MODE"]);
            var refused = await there.PayloadAsync(
                "postMessage", new { roomId, text = "again" }, "waits: errors { retryAfterMs }");
            refused.GetProperty("waits")[0].Number("retryAfterMs").ShouldBeInRange(1, 600_000);
            // Who moderates does not wait, and slow mode is over when it is switched off.
            await alice.SayAsync(roomId, "one");
            await alice.SayAsync(roomId, "two");
            await alice.SetAsync(roomId, new { slowModeSeconds = 0 });
            await here.SayAsync(roomId, "again");
        }
    }

    [Fact]
    public async Task Nothing_happens_to_a_message_that_another_node_deletes()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await _other.PersonAsync("Bob");
        var roomId = await alice.CreateRoomAsync();
        await bob.JoinAsync(roomId);
        for (var round = 0; round < Rounds; round++)
        {
            var messageId = await alice.SayAsync(roomId, "going");
            await Task.WhenAll(
                CodeAsync(alice, "deleteMessage", new { messageId }),
                CodeAsync(bob, "addReaction", new { messageId, emoji = "👍" }),
                CodeAsync(alice, "editMessage", new { messageId, text = "staying" }));
            var message = (await bob.MessageAsync(messageId))!.Value;
            message.Text().ShouldBe("");
            message.Reactions().ShouldBe("");
            (await bob.RefusalAsync("addReaction", new { messageId, emoji = "👍" })).Code.ShouldBe("MESSAGE_DELETED");
        }
    }

    private static async Task<string?> CodeAsync(ChatClient client, string mutation, object input)
    {
        var payload = await client.PayloadAsync(mutation, input, "position");
        var errors = payload.GetProperty("errors");
        return errors.GetArrayLength() == 0 ? null : errors[0].Text("code");
    }
}
