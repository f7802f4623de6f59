using System.Text;
using System.Text.Json;
using Chat.GraphQL;

namespace Chat.Model.Privacy;

/// <summary>
/// Field by field of rooms and messages: null for those it is not for; and below a floor there is nothing.
/// </summary>
public sealed class LevelTests(OneNode fixture) : IClassFixture<OneNode>
{
    private static readonly string[] OnMessages =
    [
        "Query.message", "Query.thread", "Mutation.editMessage", "Mutation.deleteMessage", "Mutation.addReaction",
        "Mutation.removeReaction", "Mutation.pinMessage", "Mutation.unpinMessage", "Mutation.reportMessage",
    ];

    [Theory]
    [InlineData("public")]
    [InlineData("private")]
    public async Task Each_field_of_a_room_is_for_its_level(string visibility)
    {
        var scene = await fixture.Cast.SceneAsync(visibility);
        var fields = FieldsOf("Room");
        var document = $"query($id: UUID!) {{ room(id: $id) {{ {string.Join(' ', fields.Select(Selection))} }} }}";
        foreach (var standing in PrivacyTable.Standings.Except(["signedout"]))
        {
            var data = await fixture.Cast[standing].DataAsync(0, document, new { id = scene.RoomId });
            var room = data.GetProperty("room");
            if (room.ValueKind == JsonValueKind.Null)
                continue;
            foreach (var (name, level) in fields.Select(field => (field.Name.Value, LevelOf("Room", field))))
            {
                if (level != "sees")
                {
                    (room.GetProperty(name).ValueKind != JsonValueKind.Null)
                        .ShouldBe(IsFor(level, standing, visibility), $"Room.{name} for {standing}, {visibility}");
                }
            }
        }
    }

    [Theory]
    [InlineData("public")]
    [InlineData("private")]
    public async Task Messages_are_for_those_who_read(string visibility)
    {
        var scene = await fixture.Cast.SceneAsync(visibility);
        foreach (var field in FieldsOf("Message"))
        {
            LevelOf("Message", field).ShouldBe("reads");
            var document = $"query($id: UUID!) {{ message(id: $id) {{ {Selection(field)} }} }}";
            foreach (var standing in PrivacyTable.Standings.Except(["signedout"]))
            {
                var data = await fixture.Cast[standing].DataAsync(0, document, new { id = scene.MessageId });
                (data.GetProperty("message").ValueKind != JsonValueKind.Null).ShouldBe(
                    IsFor("reads", standing, visibility), $"Message.{field.Name.Value} for {standing}");
            }
        }
    }

    [Fact]
    public async Task Below_the_floor_there_is_nothing()
    {
        var cast = fixture.Cast;
        var scene = await cast.SceneAsync("public");
        var roomId = scene.RoomId;
        await Cast.MutateAsync(cast["owner"], "pinMessage", new { messageId = scene.MessageId }, "position");
        await Cast.MutateAsync(
            cast["owner"], "updateRoom", new { roomId, settings = new { historyForNewMembers = false } }, "position");
        var newcomer = cast["outsider"];
        var joined = await Cast.MutateAsync(newcomer, "joinRoom", new { roomId }, "position");
        var floor = joined.GetProperty("position").GetInt64() - 1;
        // As a moderator, who may do almost everything with what there is.
        await Cast.MutateAsync(
            cast["owner"], "setMemberRole", new { roomId, userId = newcomer.Id, role = "MODERATOR" }, "position");
        foreach (var field in OnMessages)
        {
            var (document, variables) = Probes.Of(field, scene, cast);
            var (_, missing) = Probes.Of(field, Scene.Missing, cast);
            Text(await newcomer.BytesAsync(0, document, variables)).ShouldBe(
                Text(await newcomer.BytesAsync(0, document, missing)), field);
        }

        foreach (var input in new object[]
        {
            new { roomId, text = "re", replyToId = scene.MessageId },
            new { roomId, text = "re", threadRootId = scene.MessageId },
        })
        {
            (await newcomer.DataAsync(
                0, "mutation($i: PostMessageInput!) { postMessage(input: $i) { errors { code } } }", new { i = input }))
                .GetProperty("postMessage").GetProperty("errors")[0].GetProperty("code").GetString()
                .ShouldBe("NOT_FOUND");
        }

        var answer = await Cast.MutateAsync(
            cast["member"], "postMessage",
            new { roomId, text = "re", replyToId = scene.MessageId, threadRootId = scene.MessageId }, "message { id }");
        var seen = await newcomer.DataAsync(
            0,
            """
            query($room: UUID!, $message: UUID!) {
              message(id: $message) { replyTo { text } threadRootId }
              room(id: $room) { pinned { id } messages(first: 100) { nodes { position } } activity { position } }
            }
            """,
            new { room = roomId, message = answer.GetProperty("message").GetProperty("id").GetGuid() });
        seen.GetProperty("message").GetProperty("replyTo").ValueKind.ShouldBe(JsonValueKind.Null);
        seen.GetProperty("message").GetProperty("threadRootId").ValueKind.ShouldBe(JsonValueKind.Null);
        seen.GetProperty("room").GetProperty("pinned").GetArrayLength().ShouldBe(0);
        seen.GetProperty("room").GetProperty("messages").GetProperty("nodes").EnumerateArray()
            .Concat(seen.GetProperty("room").GetProperty("activity").EnumerateArray())
            .ShouldAllBe(one => one.GetProperty("position").GetInt64() > floor);
    }

    [Fact]
    public async Task An_edit_of_what_lies_below_the_floor_shows_nothing_of_it()
    {
        var cast = fixture.Cast;
        var scene = await cast.SceneAsync("public");
        var roomId = scene.RoomId;
        await Cast.MutateAsync(
            cast["owner"], "updateRoom", new { roomId, settings = new { historyForNewMembers = false } }, "position");
        var newcomer = cast["outsider"];
        var joined = await Cast.MutateAsync(newcomer, "joinRoom", new { roomId }, "position");
        await Cast.MutateAsync(
            cast["owner"], "setMemberRole", new { roomId, userId = newcomer.Id, role = "MODERATOR" }, "position");
        var edited = await Cast.MutateAsync(
            cast["member"], "editMessage", new { messageId = scene.MessageId, text = "not for newcomers" }, "position");
        const string steps =
            "{ position ... on MessageEdited { message { text mentions { id } reactions { emoji } } } }";
        await using var socket = await Chat.Api.Tests.ChatSocket.ConnectAsync(
            fixture.Nodes.AddressOf(0), newcomer.Token);
        await socket.SendAsync(new
        {
            id = "1",
            type = "subscribe",
            payload = new
            {
                query = $"subscription($id: UUID!, $after: Long) {{ roomEvents(roomId: $id, after: $after) {steps} }}",
                variables = new { id = roomId, after = joined.GetProperty("position").GetInt64() },
            },
        });
        var position = joined.GetProperty("position").GetInt64();
        while (position < edited.GetProperty("position").GetInt64())
        {
            var e = (await socket.NextAsync()).ShouldNotBeNull();
            e.GetRawText().ShouldNotContain("not for newcomers");
            e.GetProperty("position").GetInt64().ShouldBe(++position);
        }

        var activity = await newcomer.DataAsync(
            0, $"query($id: UUID!) {{ room(id: $id) {{ activity {steps} }} }}", new { id = roomId });
        activity.GetRawText().ShouldNotContain("not for newcomers");
    }

    [Fact]
    public async Task Reports_from_private_rooms_show_administrators_no_message()
    {
        var scene = await fixture.Cast.SceneAsync("private");
        await Cast.MutateAsync(
            fixture.Cast["guest"], "reportMessage", new { messageId = scene.MessageId, reason = "look" }, "ok");
        var (document, variables) = Probes.Of("Query.reports", scene, fixture.Cast);
        foreach (var (standing, sees) in new[] { ("serveradmin", false), ("moderator", true) })
        {
            var report = (await fixture.Cast[standing].DataAsync(0, document, variables))
                .GetProperty("reports").GetProperty("nodes").EnumerateArray().ShouldHaveSingleItem();
            report.GetProperty("reason").GetString().ShouldBe("look");
            (report.GetProperty("message").ValueKind != JsonValueKind.Null).ShouldBe(sees, standing);
        }
    }

    [Fact]
    public async Task Who_was_put_out_gets_what_happened_up_to_that_and_no_more()
    {
        var scene = await fixture.Cast.SceneAsync("private");
        foreach (var standing in new[] { "kicked", "banned" })
        {
            await using var socket = await Chat.Api.Tests.ChatSocket.ConnectAsync(
                fixture.Nodes.AddressOf(0), fixture.Cast[standing].Token);
            await socket.SendAsync(new
            {
                id = "1",
                type = "subscribe",
                payload = new
                {
                    query =
                        """
                        subscription($id: UUID!) { roomEvents(roomId: $id, after: 0) {
                          position ... on MemberChanged { change user { id } } } }
                        """,
                    variables = new { id = scene.RoomId },
                },
            });
            var events = new List<JsonElement>();
            while (await socket.ReceiveAsync() is { } message
                && message.GetProperty("type").GetString() is var type && type != "complete")
            {
                type.ShouldBe("next", $"{standing}: {message}");
                events.Add(message.GetProperty("payload").GetProperty("data").GetProperty("roomEvents"));
            }

            events[^1].GetProperty("change").GetString().ShouldBe(standing.ToUpperInvariant());
            events[^1].GetProperty("user").GetProperty("id").GetGuid().ShouldBe(fixture.Cast[standing].Id);
        }
    }

    private FieldDefinitionNode[] FieldsOf(string type) => fixture.Schema.FieldsOf(type)!.Fields;

    private static string LevelOf(string type, FieldDefinitionNode field) =>
        PrivacyTable.Levels.GetValueOrDefault($"{type}.{field.Name.Value}", "nobody said");

    private string Selection(FieldDefinitionNode field)
    {
        var type = Chat.Api.Tests.Contract.SchemaDocument.NameOf(field.Type);
        return field.Name.Value + (fixture.Schema.FieldsOf(type) is null ? "" : " { __typename }");
    }

    private static bool IsFor(string level, string standing, string visibility)
    {
        var moderates = standing is "owner" or "admin" or "moderator";
        var isMember = moderates || standing is "member" or "guest";
        var fromServer = standing == "serveradmin" && visibility == "public";
        return level switch
        {
            "reads" => isMember || fromServer,
            "moderates" => moderates || fromServer,
            "own" => isMember,
            _ => throw new InvalidOperationException($"There is no level {level}."),
        };
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
