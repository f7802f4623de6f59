using System.Text.Json;

namespace Chat.Api.Tests.Messages;

/// <summary>What the tests of messages ask for again and again.</summary>
internal static class MessageCalls
{
    public const string Fields =
        """
        id roomId position text sentAt editedAt deletedAt threadRootId replyCount mentionsRoom pinned author { id }
        replyTo { id text } mentions { id } reactions { emoji count viewerReacted users { id } }
        """;

    public static async Task<JsonElement> SayAsync(this ChatClient client, object input) =>
        (await client.DoAsync("postMessage", input, $"position message {{ {Fields} }}")).GetProperty("message");

    public static async Task<Guid> SayAsync(this ChatClient client, Guid roomId, string text) =>
        Id(await client.SayAsync(new { roomId, text }));

    /// <summary>A mutation's message and position.</summary>
    public static async Task<(JsonElement Message, long Position)> ChangeAsync(
        this ChatClient client, string mutation, object input)
    {
        var payload = await client.DoAsync(mutation, input, $"position message {{ {Fields} }}");
        return (payload.GetProperty("message"), payload.GetProperty("position").GetInt64());
    }

    /// <summary>The message as the person sees it; null where they do not.</summary>
    public static async Task<JsonElement?> MessageAsync(this ChatClient client, Guid id)
    {
        var data = await client.DataAsync(
            $"query($id: UUID!) {{ message(id: $id) {{ {Fields} }} }}", new { id });
        var message = data.GetProperty("message");
        return message.ValueKind == JsonValueKind.Null ? null : message;
    }

    public static Task RoleAsync(this ChatClient owner, Guid roomId, ChatClient member, string role) =>
        owner.DoAsync("setMemberRole", new { roomId, userId = member.Id, role }, "position");

    public static Task SetAsync(this ChatClient owner, Guid roomId, object settings) =>
        owner.DoAsync("updateRoom", new { roomId, settings }, "position");

    public static async Task<long> PositionAsync(this ChatClient member, Guid roomId)
    {
        var data = await member.DataAsync("query($id: UUID!) { room(id: $id) { position } }", new { id = roomId });
        return data.GetProperty("room").GetProperty("position").GetInt64();
    }

    /// <summary>The same mutation for many values, in one request: one after the other.</summary>
    public static async Task ForEachAsync<T>(
        this ChatClient client, string mutation, IEnumerable<T> values, Func<T, string> input)
    {
        // An operation takes a bounded number of aliases.
        foreach (var some in values.Chunk(25))
        {
            var fields = some.Select((value, i) =>
                $"m{i}: {mutation}(input: {{ {input(value)} }}) {{ errors {{ code }} }}");
            var data = await client.DataAsync($"mutation {{ {string.Join(' ', fields)} }}");
            foreach (var one in data.EnumerateObject())
                one.Value.GetProperty("errors").GetArrayLength().ShouldBe(0, one.Value.ToString());
        }
    }

    public static Guid Id(this JsonElement thing) => thing.GetProperty("id").GetGuid();

    public static string? Text(this JsonElement thing, string field = "text") => thing.GetProperty(field).GetString();

    public static long Number(this JsonElement thing, string field) => thing.GetProperty(field).GetInt64();

    public static bool IsNull(this JsonElement thing, string field) =>
        thing.GetProperty(field).ValueKind == JsonValueKind.Null;

    public static Guid[] Ids(this JsonElement thing, string field) =>
        [.. thing.GetProperty(field).EnumerateArray().Select(Id)];

    /// <summary>Kinds of reactions and how many of each: 👍2 😀1.</summary>
    public static string Reactions(this JsonElement message) => string.Join(' ', message.GetProperty("reactions")
        .EnumerateArray().Select(group => $"{group.Text("emoji")}{group.Number("count")}"));
}
