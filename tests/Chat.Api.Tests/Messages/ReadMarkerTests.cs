using System.Text.Json;

namespace Chat.Api.Tests.Messages;

public sealed class ReadMarkerTests(ChatServer server) : IClassFixture<ChatServer>
{
    private const string Membership = "membership { role lastReadPosition unreadCount mentionCount room { id } }";

    [Fact]
    public async Task The_marker_moves_forward_only_and_what_is_left_is_counted()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var roomId = await alice.CreateRoomAsync();
        await bob.JoinAsync(roomId);
        await alice.SayAsync(roomId, "3");
        await alice.SayAsync(new { roomId, text = "4", mentionIds = new[] { bob.Id } });
        var gone = await alice.SayAsync(new { roomId, text = "5", mentionIds = new[] { bob.Id } });
        await bob.SayAsync(roomId, "6, my own");
        await alice.SayAsync(new { roomId, text = "7", mentionsRoom = true });
        (await MarkAsync(0)).ShouldBe((0, 4, 3));
        await alice.ChangeAsync("deleteMessage", new { messageId = gone.Id() });
        (await MarkAsync(0)).ShouldBe((0, 3, 2));
        (await MarkAsync(4)).ShouldBe((4, 1, 1));
        (await MarkAsync(3)).ShouldBe((4, 1, 1));
        (await MarkAsync(8)).ShouldBe((8, 0, 0));
        (await bob.RefusalAsync("markRead", new { roomId, position = 9 })).ShouldBe(("INVALID_INPUT", "position"));
        (await bob.RefusalAsync("markRead", new { roomId, position = -1 })).ShouldBe(("INVALID_INPUT", "position"));
        await alice.SayAsync(roomId, "9");
        var viewer = await bob.DataAsync(
            "{ viewer { memberships { lastReadPosition unreadCount mentionCount room { id } } } }");
        var membership = viewer.GetProperty("viewer").GetProperty("memberships")[0];
        Counts(membership).ShouldBe((8, 1, 0));

        async Task<(long, long, long)> MarkAsync(long position) => Counts(
            (await bob.DoAsync("markRead", new { roomId, position }, Membership)).GetProperty("membership"));

        static (long, long, long) Counts(JsonElement membership) => (
            membership.Number("lastReadPosition"), membership.Number("unreadCount"),
            membership.Number("mentionCount"));
    }

    [Fact]
    public async Task Only_members_have_a_marker()
    {
        using var alice = await server.PersonAsync("Alice");
        using var eve = await server.PersonAsync("Eve");
        var open = await alice.CreateRoomAsync();
        var hidden = await alice.CreateRoomAsync("Secret", "PRIVATE");
        (await eve.RefusalAsync("markRead", new { roomId = open, position = 1 })).Code.ShouldBe("FORBIDDEN");
        (await eve.RefusalAsync("markRead", new { roomId = hidden, position = 1 })).Code.ShouldBe("NOT_FOUND");
        (await eve.RefusalAsync("markRead", new { roomId = Guid.NewGuid(), position = 1 })).Code.ShouldBe("NOT_FOUND");
        (await server.Anonymous().RefusalAsync("markRead", new { roomId = open, position = 1 })).Code
            .ShouldBe("UNAUTHENTICATED");
    }

    [Fact]
    public async Task The_viewers_totals_are_those_of_all_rooms()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        (await TotalsAsync()).ShouldBe((0, 0));
        var rooms = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            rooms.Add(await alice.CreateRoomAsync());
            await bob.JoinAsync(rooms[i]);
            await alice.SayAsync(rooms[i], "plain");
            await alice.SayAsync(new { roomId = rooms[i], text = "you", mentionIds = new[] { bob.Id } });
        }

        (await TotalsAsync()).ShouldBe((6, 3));
        await bob.DoAsync("markRead", new { roomId = rooms[0], position = 4 }, Membership);
        (await TotalsAsync()).ShouldBe((4, 2));
        await bob.LeaveAsync(rooms[1]);
        (await TotalsAsync()).ShouldBe((2, 1));

        async Task<(long, long)> TotalsAsync()
        {
            var viewer = (await bob.DataAsync("{ viewer { unreadTotal mentionTotal } }")).GetProperty("viewer");
            return (viewer.Number("unreadTotal"), viewer.Number("mentionTotal"));
        }
    }
}
