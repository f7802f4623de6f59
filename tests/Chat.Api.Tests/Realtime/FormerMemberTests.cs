using System.Text.Json;
using Chat.Api.Tests.Messages;

namespace Chat.Api.Tests.Realtime;

/// <summary>Who was put out may catch up with what they missed until then, and sees nothing from after it.</summary>
public sealed class FormerMemberTests(ChatServer server) : IClassFixture<ChatServer>
{
    private const string Fields =
        "position ... on RoomCreated { room { name topic memberCount position } } "
        + "... on RoomUpdated { room { name topic memberCount position } } "
        + "... on MessagePosted { message { text replyCount pinned reactions { emoji } } }";

    [Theory]
    [InlineData("roomEvents(roomId: $roomId, after: $after)", false)]
    [InlineData("events(after: $after)", true)]
    public async Task Who_was_put_out_sees_what_was_said_then_and_not_what_became_of_it(string field, bool isOfAllRooms)
    {
        using var alice = await server.PersonAsync("Alice");
        using var mallory = await server.PersonAsync("Mallory");
        var roomId = await alice.CreateRoomAsync(visibility: "PRIVATE");
        await alice.DoAsync("inviteMember", new { roomId, userId = mallory.Id }, "position");
        await mallory.JoinAsync(roomId);
        var after = isOfAllRooms
            ? (await mallory.DataAsync("{ viewer { cursor } }")).GetProperty("viewer").GetProperty("cursor").GetInt64()
            : await alice.PositionAsync(roomId);
        var edited = await alice.SayAsync(roomId, "harmless");
        var deleted = await alice.SayAsync(roomId, "deleted later");
        await alice.DoAsync("updateRoom", new { roomId, name = "Before" }, "position");
        await alice.DoAsync("kickMember", new { roomId, userId = mallory.Id }, "position");
        await alice.DoAsync("editMessage", new { messageId = edited, text = "the meeting is at nine" }, "position");
        await alice.DoAsync("addReaction", new { messageId = edited, emoji = "👍" }, "position");
        await alice.DoAsync("pinMessage", new { messageId = edited }, "position");
        await alice.DoAsync("deleteMessage", new { messageId = deleted }, "position");
        await alice.DoAsync("updateRoom", new { roomId, name = "Now", topic = "secret" }, "position");

        await using var socket = await mallory.ConnectAsync();
        var variables = isOfAllRooms ? "$after: Long" : "$roomId: UUID!, $after: Long";
        var selection = isOfAllRooms ? $"event {{ ... on RoomEvent {{ {Fields} }} }}" : Fields;
        await socket.SubscribeAsync(
            $"subscription({variables}) {{ {field} {{ {selection} }} }}", new { roomId, after });
        var name = field[..field.IndexOf('(')];
        var steps = new List<JsonElement>();
        for (var i = 0; i < 4; i++)
        {
            var next = (await socket.NextAsync(name)).ShouldNotBeNull();
            steps.Add(isOfAllRooms ? next.GetProperty("event") : next);
        }

        var message = steps[0].GetProperty("message");
        message.GetProperty("text").GetString().ShouldBe("harmless");
        message.GetProperty("pinned").GetBoolean().ShouldBeFalse();
        message.GetProperty("reactions").GetArrayLength().ShouldBe(0);
        steps[1].GetProperty("message").GetProperty("text").GetString().ShouldBe("");
        var room = steps[2].GetProperty("room");
        room.GetProperty("name").GetString().ShouldBe("Before");
        room.GetProperty("topic").GetString().ShouldBe("");
        room.GetProperty("memberCount").GetInt32().ShouldBe(0);
        room.GetProperty("position").GetInt64().ShouldBe(steps[2].GetProperty("position").GetInt64());
    }
}
