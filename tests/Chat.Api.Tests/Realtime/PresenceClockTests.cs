using Chat.Api.Realtime;

namespace Chat.Api.Tests.Realtime;

/// <summary>What time alone does to presence.</summary>
public sealed class PresenceClockTests : IAsyncLifetime
{
    private readonly ShiftedClock _clock = new();
    private readonly ChatServer _server;

    public PresenceClockTests() => _server = new ChatServer { Clock = _clock };

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Who_closes_the_last_socket_is_offline_after_30_seconds_and_not_before()
    {
        using var alice = await _server.PersonAsync("Alice");
        using var bob = await _server.PersonAsync("Bob");
        var room = await alice.CreateRoomAsync();
        await bob.JoinAsync(room);
        await using var watched = await Watched.PresenceAsync(alice, room);
        var socket = await bob.ConnectAsync();
        (await watched.NextPresenceAsync()).ShouldBe((bob.Id, "ONLINE"));
        await socket.CloseAsync();
        await socket.DisposeAsync();
        // A page that is loaded again: nobody hears of it, and the time counts from the last close.
        _clock.Advance(TimeSpan.FromSeconds(20));
        var again = await bob.ConnectAsync();
        _clock.Advance(TimeSpan.FromSeconds(20));
        (await alice.PresenceOfAsync(bob.Id, room)).ShouldBe("ONLINE");
        await again.CloseAsync();
        await again.DisposeAsync();
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        (await alice.PresenceOfAsync(bob.Id, room)).ShouldBe("ONLINE");
        _clock.Advance(TimeSpan.FromSeconds(30));
        (await watched.NextPresenceAsync()).ShouldBe((bob.Id, "OFFLINE"));
        (await alice.PresenceOfAsync(bob.Id, room)).ShouldBe("OFFLINE");
    }

    [Fact]
    public async Task Who_does_nothing_for_five_minutes_is_away()
    {
        using var alice = await _server.PersonAsync("Alice");
        using var bob = await _server.PersonAsync("Bob");
        var room = await alice.CreateRoomAsync();
        await bob.JoinAsync(room);
        await using var watched = await Watched.PresenceAsync(alice, room);
        await using var socket = await bob.ConnectAsync();
        (await watched.NextPresenceAsync()).ShouldBe((bob.Id, "ONLINE"));
        await bob.DoAsync("setPresence", new { presence = "AWAY" }, "ok");
        (await watched.NextPresenceAsync()).ShouldBe((bob.Id, "AWAY"));
        _clock.Advance(TimeSpan.FromMinutes(3));
        await bob.PostAsync(room, "here again");
        (await watched.NextPresenceAsync()).ShouldBe((bob.Id, "ONLINE"));
        _clock.Advance(TimeSpan.FromMinutes(4));
        await Task.Delay(2 * PresenceRegister.SweepEvery, TestContext.Current.CancellationToken);
        (await alice.PresenceOfAsync(bob.Id, room)).ShouldBe("ONLINE");
        _clock.Advance(TimeSpan.FromMinutes(1));
        (await watched.NextPresenceAsync()).ShouldBe((bob.Id, "AWAY"));
        await bob.DoAsync("setPresence", new { presence = "ONLINE" }, "ok");
        (await watched.NextPresenceAsync()).ShouldBe((bob.Id, "ONLINE"));
    }

    [Fact]
    public async Task Who_leaves_the_room_is_seen_no_more()
    {
        using var alice = await _server.PersonAsync("Alice");
        using var bob = await _server.PersonAsync("Bob");
        var room = await alice.CreateRoomAsync();
        await bob.JoinAsync(room);
        await bob.PostAsync(room, "hello");
        await using var socket = await bob.ConnectAsync();
        const string Authors = "query($id: UUID!) { room(id: $id) { messages { nodes { author { presence } } } } }";
        async Task<string?> SeenAsync() => (await alice.DataAsync(Authors, new { id = room }))
            .GetProperty("room").GetProperty("messages").GetProperty("nodes")[0]
            .GetProperty("author").GetProperty("presence").GetString();
        (await SeenAsync()).ShouldBe("ONLINE");
        await bob.LeaveAsync(room);
        (await SeenAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Who_joins_is_shown_to_those_who_watch()
    {
        using var alice = await _server.PersonAsync("Alice");
        using var bob = await _server.PersonAsync("Bob");
        var room = await alice.CreateRoomAsync();
        await using var socket = await bob.ConnectAsync();
        await using var watched = await Watched.PresenceAsync(alice, room);
        await bob.JoinAsync(room);
        (await watched.NextPresenceAsync()).ShouldBe((bob.Id, "ONLINE"));
    }
}
