using System.Text.Json;
using Chat.Api.Tests;
using Chat.Model.Rules;
using Chat.Model.Runs;

namespace Chat.Model.Equality;

/// <summary>
/// What a client fetched some time ago, and events bring up to date. <paramref name="now"/>: the room by the model.
/// </summary>
internal sealed class Follower(World world, Person person, Client client, Room now, ClientRoom stale)
{
    private const string ChangedPeople =
        """
        subscription($after: Long!) { events(after: $after) { event { ... on UserChanged { user { id erasedAt } } } } }
        """;

    /// <summary>
    /// What a fresh fetch shows, the stale one shows after the events; who was put out meanwhile hears of that last.
    /// </summary>
    public async Task CatchUpAsync(Nodes nodes, int node)
    {
        var from = stale.Position;
        var wentAway = now.Happenings.Skip((int)from).Any(one =>
            one.Who == person.Index && one.Change is "LEFT" or "KICKED" or "BANNED");
        await using var socket = await ChatSocket.ConnectAsync(nodes.AddressOf(node), client.Token);
        await socket.SendAsync(new
        {
            id = "1",
            type = "subscribe",
            payload = new { query = ClientRoom.Events, variables = new { id = now.Id, after = from } },
        });
        if (wentAway)
            await HearOfTheEndAsync(socket);
        else
            await BecomeFreshAsync(socket, nodes, node);
    }

    private async Task BecomeFreshAsync(ChatSocket socket, Nodes nodes, int node)
    {
        while (stale.Position < now.Position)
            stale.Apply(await NextAsync(socket) ?? throw new InvalidOperationException("The subscription ended."));
        var erased = world.People.Where(one => one.IsErased).Select(one => one.Id.ToString())
            .Where(stale.Authors.Contains).ToHashSet();
        if (erased.Count > 0)
            await HearOfTheErasedAsync(nodes, node, erased);
        var time = nodes.Clock.GetUtcNow();
        var fresh = (await ClientRoom.FetchAsync(client, node, now.Id)).ShouldNotBeNull();
        stale.Print(time).ShouldBe(fresh.Print(time), $"room {now.Index} of {person}");
    }

    // The room's own events do not tell of people who change; those of the viewer do.
    private async Task HearOfTheErasedAsync(Nodes nodes, int node, HashSet<string> erased)
    {
        await using var socket = await ChatSocket.ConnectAsync(nodes.AddressOf(node), client.Token);
        await socket.SubscribeAsync(ChangedPeople, new { after = stale.Cursor });
        while (erased.Count > 0)
        {
            var next = await socket.NextAsync("events") ?? throw new InvalidOperationException("The stream ended.");
            if (next.GetProperty("event").TryGetProperty("user", out var user)
                && user.GetProperty("erasedAt").ValueKind != JsonValueKind.Null
                && erased.Remove(user.GetProperty("id").GetString()!))
                stale.Silence(user.GetProperty("id").GetString()!);
        }
    }

    private async Task HearOfTheEndAsync(ChatSocket socket)
    {
        var isBack = now.Members.TryGetValue(person.Index, out var member);
        var last = now.Happenings.Last(one => one.Who == person.Index && one.Change is "LEFT" or "KICKED" or "BANNED");
        var position = stale.Position;
        while (position < now.Position && await TryNextAsync(socket, last.Change == "LEFT") is { } e)
        {
            var at = e.GetProperty("position").GetInt64();
            // A floor that lies later is where it goes on.
            if (at != position + 1)
                at.ShouldBe(member.ShouldNotBeNull().Floor + 1, $"{person} in room {now.Index}");
            position = at;
        }

        if (isBack)
            position.ShouldBe(now.Position, $"{person} is back in room {now.Index}");
        else if (last.Change != "LEFT")
            position.ShouldBe(last.Position, $"{person} was put out of room {now.Index}");
    }

    private static async Task<JsonElement?> TryNextAsync(ChatSocket socket, bool mayBeRefused)
    {
        try
        {
            return await NextAsync(socket);
        }
        catch (SubscriptionException) when (mayBeRefused)
        {
            return null;
        }
    }

    private static Task<JsonElement?> NextAsync(ChatSocket socket) => socket.NextAsync();
}
