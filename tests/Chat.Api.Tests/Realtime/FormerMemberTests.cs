using System.Text.Json;
using Chat.Api.Tests.Messages;

namespace Chat.Api.Tests.Realtime;

/// <summary>Who was put out may catch up with what they missed until then, and sees nothing from after it.</summary>
public sealed class FormerMemberTests(ChatServer server) : IClassFixture<ChatServer>
{
    private const string Fields =
        "__typename position ... on RoomCreated { room { name topic memberCount position } } "
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
        var edited = await alice.SayAsync(roomId, "harmless");
        var deleted = await alice.SayAsync(roomId, "deleted later");
        await alice.DoAsync("updateRoom", new { roomId, name = "Before" }, "position");
        var kicked = (await alice.DoAsync("kickMember", new { roomId, userId = mallory.Id }, "position"))
            .GetProperty("position").GetInt64();
        await alice.DoAsync("editMessage", new { messageId = edited, text = "the meeting is at nine" }, "position");
        await alice.DoAsync("addReaction", new { messageId = edited, emoji = "👍" }, "position");
        await alice.DoAsync("pinMessage", new { messageId = edited }, "position");
        await alice.SayAsync(new { roomId, text = "in the thread", threadRootId = edited });
        await alice.DoAsync("deleteMessage", new { messageId = deleted }, "position");
        await alice.DoAsync("updateRoom", new { roomId, name = "Now", topic = "secret" }, "position");

        await using var socket = await mallory.ConnectAsync();
        var variables = isOfAllRooms ? "$after: Long" : "$roomId: UUID!, $after: Long";
        var selection = isOfAllRooms ? $"event {{ ... on RoomEvent {{ {Fields} }} }}" : Fields;
        await socket.SubscribeAsync(
            $"subscription({variables}) {{ {field} {{ {selection} }} }}", new { roomId, after = 0 });
        var name = field[..field.IndexOf('(')];
        var steps = new List<JsonElement>();
        while (steps.Count == 0 || steps[^1].GetProperty("position").GetInt64() < kicked)
        {
            var next = (await socket.NextAsync(name)).ShouldNotBeNull();
            var step = isOfAllRooms ? next.GetProperty("event") : next;
            if (step.TryGetProperty("position", out _))
                steps.Add(step);
        }

        var posts = steps.Where(step => TypeOf(step) == "MessagePosted")
            .Select(step => step.GetProperty("message")).ToList();
        posts.Count.ShouldBe(2);
        posts[0].GetProperty("text").GetString().ShouldBe("harmless");
        posts[0].GetProperty("pinned").GetBoolean().ShouldBeFalse();
        posts[0].GetProperty("replyCount").GetInt32().ShouldBe(0);
        posts[0].GetProperty("reactions").GetArrayLength().ShouldBe(0);
        posts[1].GetProperty("text").GetString().ShouldBe("");
        // Of all rooms at once, one is told of what happened during the stay; of one, of all above the floor.
        (string?, string?)[] shown = [("RoomCreated", "Tea"), ("RoomUpdated", "Before")];
        steps.ConvertAll(step => (Type: TypeOf(step), Name: ShownName(step))).Where(step => step.Name is not null)
            .ShouldBe(isOfAllRooms ? shown[1..] : shown);

        static string? TypeOf(JsonElement step) => step.GetProperty("__typename").GetString();

        static string? ShownName(JsonElement step)
        {
            if (!step.TryGetProperty("room", out var room))
                return null;
            room.GetProperty("topic").GetString().ShouldBe("");
            room.GetProperty("memberCount").GetInt32().ShouldBe(0);
            room.GetProperty("position").GetInt64().ShouldBe(step.GetProperty("position").GetInt64());
            return room.GetProperty("name").GetString();
        }
    }
}
