using System.Text.Json;

namespace Chat.Api.Tests.Realtime;

public sealed class RoomEventsTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task A_subscription_replays_and_then_goes_live_without_a_gap()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var room = await alice.CreateRoomAsync();
        await bob.JoinAsync(room);
        for (var i = 3; i <= 5; i++)
            await alice.PostAsync(room, $"message {i}");

        await using var socket = await bob.ConnectAsync();
        await socket.SubscribeAsync(room, after: 0);
        var replayed = await ReadAsync(socket, 5);
        replayed.Select(Kind)
            .ShouldBe(["RoomCreated", "MemberChanged", "MessagePosted", "MessagePosted", "MessagePosted"]);
        replayed[1].GetProperty("change").GetString().ShouldBe("JOINED");
        replayed[1].GetProperty("user").GetProperty("id").GetGuid().ShouldBe(bob.Id);
        replayed[2].GetProperty("actor").GetProperty("id").GetGuid().ShouldBe(alice.Id);
        replayed[2].GetProperty("message").GetProperty("author").GetProperty("displayName").GetString()
            .ShouldBe("Alice");

        for (var i = 6; i <= 8; i++)
            await alice.PostAsync(room, $"message {i}");
        var live = await ReadAsync(socket, 3);
        replayed.Concat(live).Select(Position).ShouldBe([1, 2, 3, 4, 5, 6, 7, 8]);
        live.Select(e => e.GetProperty("message").GetProperty("text").GetString())
            .ShouldBe(["message 6", "message 7", "message 8"]);
    }

    [Fact]
    public async Task Without_after_it_begins_now()
    {
        using var alice = await server.PersonAsync("Alice");
        var room = await alice.CreateRoomAsync();
        await alice.PostAsync(room, "before");
        await using var socket = await alice.ConnectAsync();
        await socket.SubscribeAsync(room, after: null);
        // The server has admitted the watcher when a second subscription on the same socket is refused.
        await socket.SubscribeAsync(Guid.NewGuid(), after: null, id: "2");
        (await Should.ThrowAsync<SubscriptionException>(socket.NextAsync())).Code.ShouldBe("NOT_FOUND");
        await Task.Delay(200, TestContext.Current.CancellationToken);
        await alice.PostAsync(room, "after");
        Position((await socket.NextAsync())!.Value).ShouldBe(3);
    }

    [Fact]
    public async Task Who_leaves_is_told_so_last()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var room = await alice.CreateRoomAsync();
        await bob.JoinAsync(room);
        await bob.LeaveAsync(room);
        await bob.JoinAsync(room);
        await using var socket = await bob.ConnectAsync();
        await socket.SubscribeAsync(room, after: 0);
        (await ReadAsync(socket, 4)).Select(Kind)
            .ShouldBe(["RoomCreated", "MemberChanged", "MemberChanged", "MemberChanged"]);
        await bob.LeaveAsync(room);
        await alice.PostAsync(room, "not for Bob");
        var last = (await socket.NextAsync())!.Value;
        last.GetProperty("change").GetString().ShouldBe("LEFT");
        (await socket.NextAsync()).ShouldBeNull();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1_000_000)]
    public async Task A_position_that_cannot_be_is_refused(long after)
    {
        using var alice = await server.PersonAsync("Alice");
        var room = await alice.CreateRoomAsync();
        await using var socket = await alice.ConnectAsync();
        await socket.SubscribeAsync(room, after);
        (await Should.ThrowAsync<SubscriptionException>(socket.NextAsync())).Code.ShouldBe("INVALID_INPUT");
    }

    [Fact]
    public async Task Nobody_watches_without_a_session()
    {
        using var alice = await server.PersonAsync("Alice");
        var room = await alice.CreateRoomAsync();
        await using var socket = await server.Anonymous().ConnectAsync();
        await socket.SubscribeAsync(room, after: 0);
        (await Should.ThrowAsync<SubscriptionException>(socket.NextAsync())).Code.ShouldBe("UNAUTHENTICATED");
    }

    /// <summary>
    /// More events than the feed's window, and watchers that come and go at random while they are written.
    /// </summary>
    [Fact]
    public async Task Watchers_that_come_and_go_see_every_event_exactly_once_in_order()
    {
        const int messages = 600;
        var seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        using var alice = await server.PersonAsync("Alice");
        var room = await alice.CreateRoomAsync();
        var watchers = Enumerable.Range(0, 4)
            .Select(i => WatchAsync(alice, room, messages + 1, new Random(seed + i))).ToList();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async i =>
        {
            for (var n = 0; n < messages / 6; n++)
                await alice.PostAsync(room, $"{i}-{n}");
        }));
        foreach (var watcher in watchers)
            (await watcher)
                .ShouldBe(Enumerable.Range(1, messages + 1).Select(position => (long)position), $"seed {seed}");
    }

    private static async Task<List<long>> WatchAsync(ChatClient client, Guid room, int count, Random random)
    {
        var seen = new List<long>();
        while (seen.Count < count)
        {
            await using var socket = await client.ConnectAsync();
            await socket.SubscribeAsync(room, after: seen.Count == 0 ? 0 : seen[^1]);
            for (var i = random.Next(1, 120); i > 0 && seen.Count < count; i--)
                seen.Add(Position((await socket.NextAsync())!.Value));
        }

        return seen;
    }

    private static async Task<List<JsonElement>> ReadAsync(ChatSocket socket, int count)
    {
        var events = new List<JsonElement>();
        await foreach (var e in socket.TakeAsync(count))
            events.Add(e);
        return events;
    }

    private static string Kind(JsonElement e) => e.GetProperty("__typename").GetString()!;

    private static long Position(JsonElement e) => e.GetProperty("position").GetInt64();
}
