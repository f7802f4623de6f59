using System.Text.Json;
using Chat.Model.Runs;

namespace Chat.Model.Privacy;

/// <summary>A room with everybody in their place, and what there is to ask about it.</summary>
internal sealed record Scene(Guid RoomId, Guid MessageId, string LinkCode)
{
    /// <summary>What is not there at all looks like this.</summary>
    public static Scene Missing { get; } = new(Guid.CreateVersion7(), Guid.CreateVersion7(), "none-of-ours-at-all");
}

/// <summary>One account for each standing, the same in all rooms, and two more to be acted upon.</summary>
internal sealed class Cast(Nodes nodes)
{
    private readonly Dictionary<string, Client> _people = [];
    private readonly Dictionary<string, Scene> _quiet = [];

    public Client this[string standing] => _people[standing];

    public async Task EnterAsync()
    {
        // The first account owns the server.
        foreach (var standing in PrivacyTable.Standings.Append("target").Append("outsider").Prepend("serveradmin"))
        {
            if (_people.ContainsKey(standing))
                continue;
            var client = _people[standing] = nodes.Client();
            if (standing == "guest")
                await client.EnterAsGuestAsync(standing);
            else if (standing != "signedout")
                await client.RegisterAsync(standing);
        }
    }

    /// <summary>A scene in which nothing happens: one for all who only ask.</summary>
    public async Task<Scene> QuietSceneAsync(string visibility) =>
        _quiet.TryGetValue(visibility, out var scene)
            ? scene
            : _quiet[visibility] = await SceneAsync(visibility);

    public async Task<Scene> SceneAsync(string visibility)
    {
        var owner = _people["owner"];
        var created = await MutateAsync(
            owner, "createRoom", new { name = "Scene", visibility = "PUBLIC" }, "room { id }");
        var roomId = created.GetProperty("room").GetProperty("id").GetGuid();
        await Task.WhenAll(new[] { "admin", "moderator", "member", "guest", "kicked", "banned", "target" }.Select(
            standing => MutateAsync(_people[standing], "joinRoom", new { roomId }, "position")));
        await MutateAsync(owner, "setMemberRole", OfRole("admin", "ADMIN"), "position");
        await MutateAsync(owner, "setMemberRole", OfRole("moderator", "MODERATOR"), "position");
        await MutateAsync(owner, "kickMember", new { roomId, userId = _people["kicked"].Id }, "position");
        await MutateAsync(owner, "banMember", new { roomId, userId = _people["banned"].Id }, "position");
        if (visibility == "private")
            await MutateAsync(owner, "updateRoom", new { roomId, visibility = "PRIVATE" }, "position");
        await MutateAsync(owner, "inviteMember", new { roomId, userId = _people["invited"].Id }, "position");
        var link = await MutateAsync(owner, "createInviteLink", new { roomId }, "code");
        var posted = await MutateAsync(
            _people["member"], "postMessage", new { roomId, text = "between us" }, "message { id }");
        return new Scene(
            roomId, posted.GetProperty("message").GetProperty("id").GetGuid(), link.GetProperty("code").GetString()!);

        object OfRole(string standing, string role) => new { roomId, userId = _people[standing].Id, role };
    }

    public static async Task<JsonElement> MutateAsync(Client client, string mutation, object input, string selection)
    {
        var type = char.ToUpperInvariant(mutation[0]) + mutation[1..] + "Input";
        var data = await client.DataAsync(
            0,
            $$"""
            mutation($input: {{type}}!) { {{mutation}}(input: $input) { {{selection}} errors { code message } } }
            """,
            new { input });
        var payload = data.GetProperty(mutation);
        payload.GetProperty("errors").GetArrayLength().ShouldBe(0, payload.ToString());
        return payload;
    }
}
