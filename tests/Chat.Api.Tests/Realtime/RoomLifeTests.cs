using System.Text.Json;

namespace Chat.Api.Tests.Realtime;

/// <summary>A room's life as its members see it afterwards: each step with who took it.</summary>
public sealed class RoomLifeTests(ChatServer server) : IClassFixture<ChatServer>
{
    private const string Events =
        """
        subscription($roomId: UUID!) { roomEvents(roomId: $roomId, after: 0) {
          __typename roomId position at actor { id }
          ... on RoomUpdated { roomId position at actor { id } room { name } }
          ... on MemberChanged { change }
        } }
        """;

    [Fact]
    public async Task Each_step_says_who_took_it()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var roomId = await alice.CreateRoomAsync();
        await alice.DoAsync("updateRoom", new { roomId, name = "Coffee" }, "position");
        await alice.DoAsync("inviteMember", new { roomId, userId = bob.Id }, "position");
        await bob.JoinAsync(roomId);
        await alice.DoAsync("muteMember", new { roomId, userId = bob.Id, seconds = 60 }, "position");
        await alice.DoAsync("muteMember", new { roomId, userId = bob.Id, seconds = 0 }, "position");
        var messageId = await PostAsync(bob, roomId);
        await bob.DoAsync("editMessage", new { messageId, text = "two" }, "position");
        await bob.DoAsync("addReaction", new { messageId, emoji = "👍" }, "position");
        await bob.DoAsync("removeReaction", new { messageId, emoji = "👍" }, "position");
        await alice.DoAsync("pinMessage", new { messageId }, "position");
        await alice.DoAsync("unpinMessage", new { messageId }, "position");
        await bob.DoAsync("deleteMessage", new { messageId }, "position");
        await bob.DoAsync("leaveRoom", new { roomId, commandId = Guid.NewGuid() }, "position");
        await alice.DoAsync("banMember", new { roomId, userId = bob.Id }, "position");
        await alice.DoAsync("unbanMember", new { roomId, userId = bob.Id }, "position");

        await using var socket = await alice.ConnectAsync();
        await socket.SendAsync(
            new { id = "1", type = "subscribe", payload = new { query = Events, variables = new { roomId } } });
        var steps = new List<JsonElement>();
        await foreach (var step in socket.TakeAsync(16))
            steps.Add(step);
        steps.ShouldAllBe(step => step.GetProperty("roomId").GetGuid() == roomId);
        steps.Select(step => step.GetProperty("position").GetInt32()).ShouldBe(Enumerable.Range(1, 16));
        string.Join(' ', steps.Select(step => $"{Who(step, alice, bob)}:{What(step)}")).ShouldBe(
            "alice:RoomCreated alice:RoomUpdated alice:INVITED bob:JOINED alice:MUTED alice:UNMUTED bob:MessagePosted "
            + "bob:MessageEdited bob:ReactionAdded bob:ReactionRemoved alice:MessagePinned alice:MessageUnpinned "
            + "bob:MessageDeleted bob:LEFT alice:BANNED alice:UNBANNED");
        steps[1].GetProperty("room").GetProperty("name").GetString().ShouldBe("Coffee");
    }

    [Fact]
    public async Task Lists_go_on_where_they_were_left()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Unmistakable");
        var roomId = await alice.CreateRoomAsync();
        await bob.JoinAsync(roomId);
        const string Members =
            """
            query($roomId: UUID!, $after: String) { room(id: $roomId) {
              members(first: 1, after: $after) { nodes { user { id } } pageInfo { endCursor hasNextPage } } } }
            """;
        var first = await MembersAsync(null);
        first.GetProperty("nodes")[0].GetProperty("user").GetProperty("id").GetGuid().ShouldBe(alice.Id);
        first.GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean().ShouldBeTrue();
        var second = await MembersAsync(first.GetProperty("pageInfo").GetProperty("endCursor").GetString());
        second.GetProperty("nodes")[0].GetProperty("user").GetProperty("id").GetGuid().ShouldBe(bob.Id);

        var found = (await alice.DataAsync(
            "query($first: Int) { users(search: \"unmistak\", first: $first) { id } server { logPosition } }",
            new { first = 5 }));
        found.GetProperty("users").EnumerateArray().Select(user => user.GetProperty("id").GetGuid()).ShouldBe([bob.Id]);
        found.GetProperty("server").GetProperty("logPosition").GetInt64().ShouldBeGreaterThan(1);

        async Task<JsonElement> MembersAsync(string? after) =>
            (await alice.DataAsync(Members, new { roomId, after })).GetProperty("room").GetProperty("members");
    }

    private static async Task<Guid> PostAsync(ChatClient client, Guid roomId)
    {
        var input = new { roomId, text = "one", attachmentIds = Array.Empty<Guid>() };
        var posted = await client.DoAsync("postMessage", input, "message { id }");
        return posted.GetProperty("message").GetProperty("id").GetGuid();
    }

    private static string Who(JsonElement step, ChatClient alice, ChatClient bob)
    {
        var actor = step.GetProperty("actor").GetProperty("id").GetGuid();
        return actor == alice.Id ? "alice" : actor == bob.Id ? "bob" : "somebody else";
    }

    private static string? What(JsonElement step) =>
        step.TryGetProperty("change", out var change) ? change.GetString() : step.GetProperty("__typename").GetString();
}
