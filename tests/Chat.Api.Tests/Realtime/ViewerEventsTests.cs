using System.Text.Json;
using Chat.Api.Realtime;
using Chat.Domain.Accounts;
using Chat.Domain.Rooms;
using Chat.EventStore;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Api.Tests.Realtime;

public sealed class ViewerEventsTests(ChatServer server) : IClassFixture<ChatServer>
{
    private const string Events =
        """
        subscription($after: Long) { events(after: $after) { cursor event {
          __typename
          ... on RoomEvent { roomId position }
          ... on MemberChanged { change user { id } }
          ... on MessagePosted { message { text } }
          ... on UserChanged { user { id displayName } }
          ... on ReadMarkerMoved { roomId position unreadCount mentionCount }
        } } }
        """;

    [Fact]
    public async Task One_socket_carries_all_rooms_and_follows_joins_and_leaves()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var (tea, coffee) = (await alice.CreateRoomAsync("Tea"), await alice.CreateRoomAsync("Coffee"));
        await bob.JoinAsync(tea);
        await using var socket = await SubscribeAsync(bob, after: await CursorAsync(bob));
        await alice.PostAsync(coffee, "not for Bob yet");
        await alice.PostAsync(tea, "for Bob");
        (await TextAsync(socket)).ShouldBe("for Bob");
        await bob.JoinAsync(coffee);
        var joined = await NextAsync(socket);
        (joined.GetProperty("change").GetString(), joined.GetProperty("position").GetInt64()).ShouldBe(("JOINED", 3));
        await alice.PostAsync(coffee, "welcome");
        (await TextAsync(socket)).ShouldBe("welcome");
        await bob.LeaveAsync(tea);
        (await NextAsync(socket)).GetProperty("change").GetString().ShouldBe("LEFT");
        await alice.PostAsync(tea, "he is gone");
        await alice.PostAsync(coffee, "still here");
        (await TextAsync(socket)).ShouldBe("still here");
        var made = await bob.CreateRoomAsync("Own");
        var created = await NextAsync(socket);
        (created.GetProperty("__typename").GetString(), created.GetProperty("roomId").GetGuid())
            .ShouldBe(("RoomCreated", made));
    }

    /// <summary>Everything live is what is replayed from any cursor, whatever was joined and left meanwhile.</summary>
    [Fact]
    public async Task It_resumes_from_every_cursor_ever_given()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var rooms = new List<Guid>();
        for (var i = 0; i < 4; i++)
            rooms.Add(await alice.CreateRoomAsync($"Room {i}"));
        var start = await CursorAsync(bob);
        await using var live = await SubscribeAsync(bob, start);
        var inside = new HashSet<Guid>();
        for (var i = 0; i < 150; i++)
        {
            var room = rooms[random.Next(rooms.Count)];
            if (random.Next(4) > 0)
                await alice.PostAsync(room, $"message {i}");
            else if (inside.Remove(room))
                await bob.LeaveAsync(room);
            else if (inside.Add(room))
                await bob.JoinAsync(room);
        }

        await bob.CreateRoomAsync("the end");
        var seen = await UntilTheEndAsync(live);
        seen.Count.ShouldBeGreaterThan(10, $"seed {seed}");
        var cursors = seen.ConvertAll(CursorOf);
        cursors.ShouldBe([.. cursors.Order().Distinct()], $"seed {seed}");
        foreach (var skip in new[] { 0 }.Concat(Enumerable.Range(0, 12).Select(_ => random.Next(seen.Count - 1))))
        {
            await using var again = await SubscribeAsync(bob, skip == 0 ? start : cursors[skip - 1]);
            (await UntilTheEndAsync(again)).ConvertAll(e => e.GetRawText())
                .ShouldBe([.. seen.Skip(skip).Select(e => e.GetRawText())], $"seed {seed}, from {skip}");
        }

        await using var fresh = await SubscribeAsync(bob, after: 0);
        (await UntilTheEndAsync(fresh)).ConvertAll(CursorOf)[^seen.Count..].ShouldBe(cursors, $"seed {seed}");
    }

    /// <summary>More than a feed's window, and subscriptions that come and go while it is written.</summary>
    [Fact]
    public async Task Subscriptions_that_come_and_go_see_every_event_exactly_once_in_order()
    {
        const int messages = 400;
        var seed = Environment.TickCount;
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var rooms = new List<Guid>();
        for (var i = 0; i < 4; i++)
        {
            rooms.Add(await alice.CreateRoomAsync($"Room {i}"));
            await bob.JoinAsync(rooms[i]);
        }

        var start = await CursorAsync(bob);
        var watchers = Enumerable.Range(0, 3)
            .Select(i => WatchAsync(bob, start, messages, new Random(seed + i))).ToList();
        await Task.WhenAll(rooms.Select(async room =>
        {
            for (var n = 0; n < messages / rooms.Count; n++)
                await alice.PostAsync(room, $"{n}");
        }));
        var expected = await AllAsync(bob, start, messages);
        foreach (var watcher in watchers)
            (await watcher).ShouldBe(expected, $"seed {seed}");
    }

    [Fact]
    public async Task What_lies_below_the_floor_is_left_out()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var room = await alice.CreateRoomAsync();
        await bob.JoinAsync(room);
        await alice.PostAsync(room, "seen then");
        await bob.LeaveAsync(room);
        await AppendAsync(room, "room", new MemberJoined(bob.Id, HistoryHidden: true));
        await alice.PostAsync(room, "seen now");
        await using var socket = await SubscribeAsync(bob, after: 0);
        await bob.CreateRoomAsync("the end");
        (await UntilTheEndAsync(socket))
            .Select(e => e.GetProperty("event"))
            .Where(e => e.TryGetProperty("roomId", out var id) && id.GetGuid() == room)
            .Select(e => e.GetProperty("position").GetInt64()).ShouldBe([5, 6]);
    }

    [Fact]
    public async Task A_changed_profile_is_told_to_those_who_know_the_person_and_to_nobody_else()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        using var eve = await server.PersonAsync("Eve");
        var room = await alice.CreateRoomAsync();
        await bob.JoinAsync(room);
        var cursor = await CursorAsync(bob);
        await using var known = await SubscribeAsync(bob, cursor);
        await using var own = await SubscribeAsync(alice, cursor);
        await using var unknown = await SubscribeAsync(eve, cursor);
        await AppendAsync(alice.Id, "account", new ProfileUpdated(alice.Id, "Alicia"));
        await using var later = await SubscribeAsync(bob, cursor);
        foreach (var socket in new[] { known, own, later })
        {
            var e = await NextAsync(socket);
            e.GetProperty("__typename").GetString().ShouldBe("UserChanged");
            e.GetProperty("user").GetProperty("id").GetGuid().ShouldBe(alice.Id);
        }

        await eve.CreateRoomAsync();
        (await NextAsync(unknown)).GetProperty("__typename").GetString().ShouldBe("RoomCreated");
    }

    [Fact]
    public async Task A_read_marker_is_told_to_its_owner_only_and_not_replayed()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var room = await alice.CreateRoomAsync();
        await bob.JoinAsync(room);
        var cursor = await CursorAsync(alice);
        await using var first = await SubscribeAsync(alice, cursor);
        await using var second = await SubscribeAsync(alice, cursor);
        await using var others = await SubscribeAsync(bob, cursor);
        await alice.PostAsync(room, "one");
        foreach (var socket in new[] { first, second, others })
            (await TextAsync(socket)).ShouldBe("one");
        server.Services.GetRequiredService<ReadMarkers>().Tell(alice.Id, new ReadMarkerMoved(room, 2, 1, 0));
        foreach (var socket in new[] { first, second })
        {
            var moved = await NextAsync(socket);
            moved.GetProperty("__typename").GetString().ShouldBe("ReadMarkerMoved");
            moved.GetProperty("unreadCount").GetInt32().ShouldBe(1);
        }

        await alice.PostAsync(room, "two");
        foreach (var socket in new[] { first, second, others })
            (await TextAsync(socket)).ShouldBe("two");
        await using var late = await SubscribeAsync(alice, cursor);
        (await TextAsync(late)).ShouldBe("one");
        (await TextAsync(late)).ShouldBe("two");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1_000_000_000)]
    public async Task A_cursor_that_cannot_be_is_refused(long after)
    {
        using var alice = await server.PersonAsync("Alice");
        await using var socket = await SubscribeAsync(alice, after);
        (await Should.ThrowAsync<SubscriptionException>(socket.NextAsync("events"))).Code.ShouldBe("INVALID_INPUT");
        await using var nobody = await server.Anonymous().ConnectAsync();
        await nobody.SubscribeAsync(Events, new { after = 0 });
        (await Should.ThrowAsync<SubscriptionException>(nobody.NextAsync("events"))).Code.ShouldBe("UNAUTHENTICATED");
    }

    [Fact]
    public async Task Nothing_is_kept_of_those_who_have_gone()
    {
        using var alice = await server.PersonAsync("Alice");
        var feeds = server.Services.GetRequiredService<ViewerFeeds>();
        await Eventually.TrueAsync(() => Task.FromResult(feeds.Count == 0));
        await using (var socket = await SubscribeAsync(alice, after: null))
            await Eventually.TrueAsync(() => Task.FromResult(feeds.Count == 1));
        await Eventually.TrueAsync(() => Task.FromResult(feeds.Count == 0));
    }

    private async Task AppendAsync(Guid streamId, string type, object data) =>
        await server.Services.GetRequiredService<EventStore.EventStore>().AppendAsync(
            new Append { StreamId = streamId, StreamType = type, Events = [new NewEvent(Guid.NewGuid(), data)] },
            TestContext.Current.CancellationToken);

    private static async Task<List<long>> WatchAsync(ChatClient client, long start, int count, Random random)
    {
        var seen = new List<long>();
        while (seen.Count < count)
        {
            await using var socket = await SubscribeAsync(client, seen.Count == 0 ? start : seen[^1]);
            for (var i = random.Next(1, 150); i > 0 && seen.Count < count; i--)
                seen.Add(CursorOf((await socket.NextAsync("events"))!.Value));
        }

        return seen;
    }

    private static async Task<List<long>> AllAsync(ChatClient client, long start, int count)
    {
        await using var socket = await SubscribeAsync(client, start);
        var cursors = new List<long>();
        while (cursors.Count < count)
            cursors.Add(CursorOf((await socket.NextAsync("events"))!.Value));
        return cursors;
    }

    // Up to the first room that the viewer makes and calls so.
    private static async Task<List<JsonElement>> UntilTheEndAsync(ChatSocket socket)
    {
        var events = new List<JsonElement>();
        while (true)
        {
            var next = (await socket.NextAsync("events")).ShouldNotBeNull();
            events.Add(next);
            if (next.GetProperty("event").GetProperty("__typename").GetString() == "RoomCreated")
                return events;
        }
    }

    private static async Task<ChatSocket> SubscribeAsync(ChatClient client, long? after)
    {
        var socket = await client.ConnectAsync();
        await socket.SubscribeAsync(Events, new { after });
        return socket;
    }

    private static async Task<JsonElement> NextAsync(ChatSocket socket) =>
        (await socket.NextAsync("events")).ShouldNotBeNull().GetProperty("event");

    private static async Task<string?> TextAsync(ChatSocket socket) =>
        (await NextAsync(socket)).GetProperty("message").GetProperty("text").GetString();

    private static async Task<long> CursorAsync(ChatClient client) =>
        (await client.DataAsync("{ viewer { cursor } }")).GetProperty("viewer").GetProperty("cursor").GetInt64();

    private static long CursorOf(JsonElement e) => e.GetProperty("cursor").GetInt64();
}
