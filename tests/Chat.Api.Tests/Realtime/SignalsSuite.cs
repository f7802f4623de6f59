using System.Diagnostics;

namespace Chat.Api.Tests.Realtime;

/// <summary>Typing and presence, and what the nodes count together: the same over every backplane.</summary>
public abstract class SignalsSuite(ChatCluster cluster)
{
    [Fact]
    public async Task Typing_is_seen_on_the_other_node_until_the_post()
    {
        using var alice = await cluster.PersonAsync("Alice", cluster.First);
        using var bob = await cluster.PersonAsync("Bob", cluster.Second);
        var room = await alice.CreateRoomAsync();
        await bob.JoinAsync(room);
        await using var watched = await Watched.TypingAsync(alice, room);
        await using var own = await Watched.TypingAsync(bob, room);

        await bob.TypeAsync(room);
        (await watched.NextAsync()).ShouldBe((bob.Id, true));
        await bob.PostAsync(room, "done");
        (await watched.NextAsync()).ShouldBe((bob.Id, false));

        // Bob sees Alice, and never himself.
        await alice.TypeAsync(room);
        (await own.NextAsync()).ShouldBe((alice.Id, true));
        await alice.TypeAsync(room, typing: false);
        (await own.NextAsync()).ShouldBe((alice.Id, false));
    }

    [Fact]
    public async Task Typing_ends_by_itself_and_who_comes_later_sees_who_types()
    {
        using var alice = await cluster.PersonAsync("Alice", cluster.First);
        using var bob = await cluster.PersonAsync("Bob", cluster.Second);
        var room = await alice.CreateRoomAsync();
        await bob.JoinAsync(room);
        await using var early = await Watched.TypingAsync(alice, room);
        await bob.TypeAsync(room);
        (await early.NextAsync()).ShouldBe((bob.Id, true));
        await using var late = await Watched.TypingAsync(alice, room);
        (await late.NextAsync()).ShouldBe((bob.Id, true));
        (await early.NextAsync()).ShouldBe((bob.Id, false));
        (await late.NextAsync()).ShouldBe((bob.Id, false));
    }

    [Fact]
    public async Task Who_leaves_watches_and_types_no_more()
    {
        using var alice = await cluster.PersonAsync("Alice", cluster.First);
        using var bob = await cluster.PersonAsync("Bob", cluster.Second);
        var room = await alice.CreateRoomAsync();
        await bob.JoinAsync(room);
        await using var watched = await Watched.TypingAsync(alice, room);
        await using var typing = await Watched.TypingAsync(bob, room);
        await using var presence = await Watched.PresenceAsync(bob, room);
        await bob.TypeAsync(room);
        (await watched.NextAsync()).ShouldBe((bob.Id, true));
        await bob.LeaveAsync(room);
        (await watched.NextAsync()).ShouldBe((bob.Id, false));
        (await typing.EndAsync()).ShouldBeTrue();
        (await presence.EndAsync()).ShouldBeTrue();
        (await bob.RefusalAsync("setTyping", new { roomId = room, typing = true })).Code.ShouldBe("FORBIDDEN");
    }

    [Fact]
    public async Task Strangers_watch_nothing()
    {
        using var alice = await cluster.PersonAsync("Alice", cluster.First);
        using var eve = await cluster.PersonAsync("Eve", cluster.Second);
        var open = await alice.CreateRoomAsync();
        var hidden = await alice.CreateRoomAsync("Secret", "PRIVATE");
        var missing = Guid.NewGuid();
        foreach (var (room, code) in new[] { (open, "FORBIDDEN"), (hidden, "NOT_FOUND"), (missing, "NOT_FOUND") })
        {
            await using var typing = await Watched.TypingAsync(eve, room);
            (await Should.ThrowAsync<SubscriptionException>(typing.NextAsync())).Code.ShouldBe(code);
            await using var presence = await Watched.PresenceAsync(eve, room);
            (await Should.ThrowAsync<SubscriptionException>(presence.NextPresenceAsync())).Code.ShouldBe(code);
            (await eve.RefusalAsync("setTyping", new { roomId = room, typing = true })).Code.ShouldBe(code);
        }
    }

    [Fact]
    public async Task Presence_is_seen_on_the_other_node_and_the_most_active_device_wins()
    {
        using var alice = await cluster.PersonAsync("Alice", cluster.First);
        using var bob = await cluster.PersonAsync("Bob", cluster.Second);
        var room = await alice.CreateRoomAsync();
        await bob.JoinAsync(room);
        await using var watched = await Watched.PresenceAsync(alice, room);
        await using var desk = await bob.ConnectAsync();
        (await watched.NextPresenceAsync()).ShouldBe((bob.Id, "ONLINE"));
        // Who comes later is told first who is there.
        await using var late = await Watched.PresenceAsync(alice, room);
        (await late.NextPresenceAsync()).ShouldBe((bob.Id, "ONLINE"));
        (await alice.PresenceOfAsync(bob.Id, room)).ShouldBe("ONLINE");

        await bob.DoAsync("setPresence", new { presence = "AWAY" }, "ok");
        (await watched.NextPresenceAsync()).ShouldBe((bob.Id, "AWAY"));
        // A second device, of a session of its own, on the other node.
        using var phone = new ChatClient(cluster.First);
        await phone.SignInAsync(bob.Email!);
        await using var pocket = await phone.ConnectAsync();
        (await watched.NextPresenceAsync()).ShouldBe((bob.Id, "ONLINE"));
        await phone.DoAsync("setPresence", new { presence = "AWAY" }, "ok");
        (await watched.NextPresenceAsync()).ShouldBe((bob.Id, "AWAY"));
        // Who does something is there.
        await bob.PostAsync(room, "back");
        (await watched.NextPresenceAsync()).ShouldBe((bob.Id, "ONLINE"));
        (await bob.RefusalAsync("setPresence", new { presence = "OFFLINE" })).ShouldBe(("INVALID_INPUT", "presence"));
    }

    [Fact]
    public async Task An_account_has_ten_sockets_on_all_nodes_together()
    {
        using var alice = await cluster.PersonAsync("Alice", cluster.First);
        var sockets = new List<ChatSocket>();
        try
        {
            for (var i = 0; i < 10; i++)
                sockets.Add(await ChatSocket.ConnectAsync(i % 2 == 0 ? cluster.First : cluster.Second, alice.Token));
            // The nodes tell each other within moments.
            await Eventually.TrueAsync(
                async () => await RefusedAsync(cluster.First) && await RefusedAsync(cluster.Second));
            await sockets[0].CloseAsync();
            await Eventually.TrueAsync(async () => !await RefusedAsync(cluster.Second));
        }
        finally
        {
            foreach (var socket in sockets)
                await socket.DisposeAsync();
        }

        async Task<bool> RefusedAsync(Uri node)
        {
            await using var socket = await ChatSocket.OpenAsync(node, alice.Token);
            if (await socket.ReceiveAsync() is not null)
                return false;
            ((int?)socket.CloseStatus).ShouldBe(4429);
            return true;
        }
    }

    [Fact]
    public async Task Joins_are_counted_on_all_nodes_together()
    {
        using var alice = await cluster.PersonAsync("Alice", cluster.First);
        using var bob = await cluster.PersonAsync("Bob", cluster.First);
        var room = await alice.CreateRoomAsync();
        var watch = Stopwatch.StartNew();
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            using var there = bob.At(i % 2 == 0 ? cluster.First : cluster.Second);
            return (await there.PayloadAsync("joinRoom", new { roomId = room }, "position")).GetProperty("errors");
        }));

        // Twenty at once, and one more every three seconds.
        answers.Count(errors => errors.GetArrayLength() == 0)
            .ShouldBeInRange(20, 21 + (int)(watch.Elapsed.TotalSeconds / 3));
        var refused = answers.First(errors => errors.GetArrayLength() > 0)[0];
        refused.GetProperty("code").GetString().ShouldBe("RATE_LIMITED");
        refused.GetProperty("retryAfterMs").GetInt32().ShouldBeInRange(1, 3_000);
    }

    [Fact]
    public async Task Posts_on_two_nodes_share_a_limit_in_the_long_run()
    {
        using var alice = await cluster.PersonAsync("Alice", cluster.First);
        using var bob = await cluster.PersonAsync("Bob", cluster.First);
        var room = await alice.CreateRoomAsync();
        await bob.JoinAsync(room);
        var watch = Stopwatch.StartNew();
        var posted = 0;
        for (var i = 0; i < 40; i++)
        {
            using var there = alice.At(i % 2 == 0 ? cluster.First : cluster.Second);
            var answer = await there.PayloadAsync("postMessage", new { roomId = room, text = $"{i}" }, "position");
            posted += answer.GetProperty("errors").GetArrayLength() == 0 ? 1 : 0;
        }

        var most = (10 * cluster.Nodes.Count) + (2 * cluster.Nodes.Count * watch.Elapsed.TotalSeconds) + 1;
        posted.ShouldBeInRange(10, (int)most);
        // Others in the room are not slowed.
        await bob.PostAsync(room, "not my fault");
    }
}

public sealed class SignalsOnOneNodeTests(OneNode cluster) : SignalsSuite(cluster), IClassFixture<OneNode>;

public sealed class SignalsOverPostgresTests(PostgresCluster cluster)
    : SignalsSuite(cluster), IClassFixture<PostgresCluster>;

public sealed class SignalsOverRedisTests(RedisCluster cluster) : SignalsSuite(cluster), IClassFixture<RedisCluster>;
