using System.Text.Json;
using Chat.Api.Tests;
using Chat.Model.Runs;

namespace Chat.Model.Privacy;

/// <summary>
/// For each field: everybody is answered what the table says. Where the room or message is not for somebody to know of,
/// the answer is, byte by byte, the one for what is not there at all.
/// </summary>
public abstract class PrivacyTests(PrivacyFixture fixture)
{
    private static readonly string[] ByList = ["Query.rooms", "Query.viewer", "Subscription.events"];

    public static TheoryData<string, string> Rows(string root)
    {
        var rows = new TheoryData<string, string>();
        foreach (var (field, visibility) in PrivacyTable.Cells.Keys)
        {
            if (field.StartsWith(root, StringComparison.Ordinal) && !ByList.Contains(field))
                rows.Add(field, visibility);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows), "Query")]
    public async Task Questions_are_answered_by_the_table(string field, string visibility)
    {
        var scene = await fixture.Cast.QuietSceneAsync(visibility);
        foreach (var standing in PrivacyTable.Standings)
            await AskAsync(field, visibility, standing, scene);
    }

    [Theory]
    [MemberData(nameof(Rows), "Mutation")]
    public async Task Commands_are_answered_by_the_table(string field, string visibility)
    {
        Scene? scene = null;
        // Those who may do nothing come first; what is done to others, or to the room, ends a scene.
        foreach (var standing in PrivacyTable.Standings.Reverse())
        {
            scene ??= await fixture.Cast.SceneAsync(visibility);
            if (await AskAsync(field, visibility, standing, scene) == 'y' && !PrivacyTable.OfOneself.Contains(field))
                scene = null;
        }
    }

    [Theory]
    [MemberData(nameof(Rows), "Subscription")]
    public async Task Subscriptions_are_taken_by_the_table(string field, string visibility)
    {
        var scene = await fixture.Cast.SceneAsync(visibility);
        foreach (var standing in PrivacyTable.Standings)
        {
            var cell = PrivacyTable.Cell(field, visibility, standing);
            var refusal = await RefusalAsync(field, standing, scene, isOpen: cell == 'y');
            if (cell == 'y')
                refusal.ShouldBeNull($"{standing}: {field}");
            else
                CodeOf(refusal!).ShouldBe(PrivacyTable.Codes[cell], $"{standing}: {field} {visibility}");
            if (cell == 'N')
                refusal.ShouldBe(await RefusalAsync(field, standing, Scene.Missing, isOpen: false));
        }
    }

    [Theory]
    [InlineData("public")]
    [InlineData("private")]
    public async Task Lists_hold_what_is_ones_own(string visibility)
    {
        var scene = await fixture.Cast.SceneAsync(visibility);
        foreach (var standing in PrivacyTable.Standings.Except(["signedout"]))
        {
            var data = await fixture.Cast[standing].DataAsync(
                0,
                """
                { viewer { memberships { room { id } } invitations { room { id } } } }
                """);
            var viewer = data.GetProperty("viewer");
            (await ListsAsync(fixture.Cast[standing], scene.RoomId))
                .ShouldBe(PrivacyTable.Cell("Query.rooms", visibility, standing) == 'y', $"rooms of {standing}");
            Ids(viewer.GetProperty("memberships"), one => one.GetProperty("room")).Contains(scene.RoomId)
                .ShouldBe(PrivacyTable.Cell("Query.viewer", visibility, standing) == 'y', $"own of {standing}");
            Ids(viewer.GetProperty("invitations"), one => one.GetProperty("room")).Contains(scene.RoomId)
                .ShouldBe(standing == "invited", $"invitations of {standing}");
        }

        (await fixture.Cast["signedout"].DataAsync(0, "{ viewer { cursor } }")).GetProperty("viewer").ValueKind
            .ShouldBe(JsonValueKind.Null);
    }

    /// <summary>Whether a room is on one of the pages of somebody's list.</summary>
    private static async Task<bool> ListsAsync(Client client, Guid roomId)
    {
        for (string? after = null; ;)
        {
            var page = (await client.DataAsync(
                0,
                "query($after: String) { rooms(first: 100, after: $after) { nodes { id } pageInfo { endCursor } } }",
                new { after })).GetProperty("rooms");
            if (Ids(page.GetProperty("nodes"), one => one).Contains(roomId))
                return true;
            if ((after = page.GetProperty("pageInfo").GetProperty("endCursor").GetString()) is null)
                return false;
        }
    }

    [Theory]
    [InlineData("public")]
    [InlineData("private")]
    public async Task The_stream_of_all_rooms_holds_what_is_ones_own(string visibility)
    {
        var scene = await fixture.Cast.SceneAsync(visibility);
        foreach (var standing in PrivacyTable.Standings.Except(["signedout"]))
        {
            var client = fixture.Cast[standing];
            await using var socket = await OpenAsync(standing);
            var cursor = (await client.DataAsync(0, "{ viewer { cursor } }")).GetProperty("viewer")
                .GetProperty("cursor").GetInt64();
            await socket.SendAsync(Subscribe(
                """
                subscription($after: Long) { events(after: $after) {
                  event { __typename ... on MessagePosted { roomId } ... on ReadMarkerMoved { roomId } } } }
                """,
                new { after = cursor }));
            await Cast.MutateAsync(
                fixture.Cast["member"], "postMessage", new { roomId = scene.RoomId, text = "to ours" }, "position");
            // What comes next is for this person in any case; guests have a direct conversation for that.
            var own = await OwnRoomAsync(standing);
            await Cast.MutateAsync(client, "postMessage", new { roomId = own, text = "to me" }, "position");
            var rooms = new List<Guid>();
            while (!rooms.Contains(own))
                rooms.AddRange(RoomsPostedIn(await socket.ReceiveAsync()));
            rooms.Contains(scene.RoomId).ShouldBe(
                PrivacyTable.Cell("Subscription.events", visibility, standing) == 'y', standing);
        }
    }

    private async Task<char> AskAsync(string field, string visibility, string standing, Scene scene)
    {
        var cell = PrivacyTable.Cell(field, visibility, standing);
        var (client, name) = (fixture.Cast[standing], field[(field.IndexOf('.') + 1)..]);
        var (document, variables) = Probes.Of(field, scene, fixture.Cast);
        var bytes = await client.BytesAsync(0, document, variables);
        var response = JsonSerializer.Deserialize<JsonElement>(bytes);
        CodeIn(response, name).ShouldBe(
            PrivacyTable.Codes.GetValueOrDefault(cell), $"{field} by {standing} in a {visibility} room: {response}");
        if (cell is 'N' or '-')
        {
            var (_, missing) = Probes.Of(field, Scene.Missing, fixture.Cast);
            System.Text.Encoding.UTF8.GetString(bytes).ShouldBe(
                System.Text.Encoding.UTF8.GetString(await client.BytesAsync(0, document, missing)), field);
        }

        if (cell == '-')
            response.GetProperty("data").GetProperty(name).ValueKind.ShouldBe(JsonValueKind.Null);
        if (cell == 'y')
        {
            response.GetProperty("data").GetProperty(name).ValueKind.ShouldNotBe(JsonValueKind.Null, $"{standing}");
            HoldsNothingMore(response.GetProperty("data").GetProperty(name), standing, visibility);
        }

        return cell;
    }

    // A command's own answer shows no more of the room than a question would.
    private static void HoldsNothingMore(JsonElement payload, string standing, string visibility)
    {
        if (!payload.TryGetProperty("room", out var room) || room.ValueKind != JsonValueKind.Object)
            return;
        var reads = room.GetProperty("viewerMembership").ValueKind == JsonValueKind.Object
            || standing == "serveradmin" && visibility == "public";
        foreach (var part in new[] { "members", "messages" })
            (room.GetProperty(part).ValueKind == JsonValueKind.Object).ShouldBe(reads, $"{part} for {standing}");
    }

    private static string? CodeIn(JsonElement response, string name)
    {
        if (response.TryGetProperty("errors", out var errors))
            return errors[0].GetProperty("extensions").GetProperty("code").GetString();
        var payload = response.GetProperty("data").GetProperty(name);
        return payload.ValueKind == JsonValueKind.Object && payload.TryGetProperty("errors", out var refusals)
            && refusals.GetArrayLength() > 0
                ? refusals[0].GetProperty("code").GetString()
                : null;
    }

    /// <summary>The error message of a subscription, as it came; null when it delivers.</summary>
    private async Task<string?> RefusalAsync(string field, string standing, Scene scene, bool isOpen)
    {
        await using var socket = await OpenAsync(standing);
        var (document, variables) = Probes.Of(field, scene, fixture.Cast);
        await socket.SendAsync(Subscribe(document, variables));
        if (!isOpen)
            return await AnswerAsync(socket);
        // Something happens again and again until it is heard of: when a subscription begins, nobody is told.
        using var heard = new CancellationTokenSource();
        var happening = HappenAsync(field, standing, scene, heard.Token);
        var answer = await AnswerAsync(socket);
        await heard.CancelAsync();
        await happening;
        return answer.Contains("\"next\"", StringComparison.Ordinal) ? null : answer;
    }

    private async Task HappenAsync(string field, string standing, Scene scene, CancellationToken heard)
    {
        var other = fixture.Cast[standing == "member" ? "target" : "member"];
        var roomId = scene.RoomId;
        for (var i = 0; !heard.IsCancellationRequested; i++)
        {
            switch (field)
            {
                case "Subscription.roomEvents":
                    await Cast.MutateAsync(other, "postMessage", new { roomId, text = "hear" }, "position");
                    break;
                case "Subscription.typing":
                    await Cast.MutateAsync(other, "setTyping", new { roomId, typing = i % 2 == 0 }, "ok");
                    break;
                default:
                    await using (await OpenAsync(standing == "member" ? "target" : "member"))
                    {
                        await Cast.MutateAsync(
                            other, "setPresence", new { presence = i % 2 == 0 ? "AWAY" : "ONLINE" }, "ok");
                    }

                    break;
            }

            await Task.Delay(50, CancellationToken.None);
        }
    }

    private static async Task<string> AnswerAsync(ChatSocket socket)
    {
        while (await socket.ReceiveAsync() is { } message)
        {
            if (message.GetProperty("type").GetString() is "next" or "error" or "complete")
                return message.GetRawText();
        }

        return "closed";
    }

    private static string? CodeOf(string error) => JsonSerializer.Deserialize<JsonElement>(error)
        .GetProperty("payload")[0].GetProperty("extensions").GetProperty("code").GetString();

    private Task<ChatSocket> OpenAsync(string standing) => ChatSocket.ConnectAsync(
        fixture.Nodes.AddressOf(fixture.Nodes.Count - 1),
        standing == "signedout" ? null : fixture.Cast[standing].Token);

    private async Task<Guid> OwnRoomAsync(string standing)
    {
        var other = fixture.Cast["outsider"];
        var payload = await Cast.MutateAsync(
            other, "openDirect", new { userId = fixture.Cast[standing].Id }, "room { id }");
        return payload.GetProperty("room").GetProperty("id").GetGuid();
    }

    private static object Subscribe(string query, object variables) =>
        new { id = "1", type = "subscribe", payload = new { query, variables } };

    private static IEnumerable<Guid> RoomsPostedIn(JsonElement? message)
    {
        if (message is not { } next || next.GetProperty("type").GetString() != "next")
            return [];
        var payload = next.GetProperty("payload").GetProperty("data").GetProperty("events").GetProperty("event");
        return payload.GetProperty("__typename").GetString() == "MessagePosted"
            ? [payload.GetProperty("roomId").GetGuid()]
            : [];
    }

    private static IEnumerable<Guid> Ids(JsonElement list, Func<JsonElement, JsonElement> entity) =>
        list.EnumerateArray().Select(one => entity(one).GetProperty("id").GetGuid());
}

public sealed class OneNodePrivacyTests(OneNode fixture) : PrivacyTests(fixture), IClassFixture<OneNode>;

public sealed class PostgresPrivacyTests(TwoNodesOverPostgres fixture)
    : PrivacyTests(fixture), IClassFixture<TwoNodesOverPostgres>;

public sealed class RedisPrivacyTests(TwoNodesOverRedis fixture)
    : PrivacyTests(fixture), IClassFixture<TwoNodesOverRedis>;
