using Chat.Api.Rooms;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Api.Tests.Rooms;

public sealed class RetentionTests(ChatServer server) : IClassFixture<ChatServer>
{
    private const string Room =
        """
        query($id: UUID!) { room(id: $id) { position messages { nodes { text } } viewerMembership { unreadCount } } }
        """;

    [Fact]
    public async Task A_room_lets_go_what_is_older_than_it_keeps()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var roomId = await alice.CreateRoomAsync();
        await bob.JoinAsync(roomId);
        await alice.PostAsync(roomId, "old");
        await alice.DoAsync("updateRoom", new { roomId, settings = new { retentionDays = 7 } }, "position");
        await using var socket = await bob.ConnectAsync();
        await socket.SubscribeAsync(roomId, after: 4);

        await RunAsync(days: 6.9);
        (await UnreadAsync(bob, roomId)).ShouldBe((4, 1));
        // All nodes may do it at the same moment.
        await Task.WhenAll(RunAsync(days: 7.1), RunAsync(days: 7.1));
        await RunAsync(days: 7.2);
        var step = (await socket.NextAsync())!.Value;
        step.GetProperty("__typename").GetString().ShouldBe("HistoryExpired");
        step.GetProperty("actor").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await UnreadAsync(bob, roomId)).ShouldBe((5, 0));
        await alice.PostAsync(roomId, "new");
        (await UnreadAsync(bob, roomId)).ShouldBe((6, 1));
    }

    private Task RunAsync(double days) => server.Services.GetRequiredService<Retention>().RunOnceAsync(
        TimeProvider.System.GetUtcNow().AddDays(days), TestContext.Current.CancellationToken);

    private static async Task<(long Position, int Unread)> UnreadAsync(ChatClient client, Guid id)
    {
        var room = (await client.DataAsync(Room, new { id })).GetProperty("room");
        var unread = room.GetProperty("viewerMembership").GetProperty("unreadCount").GetInt32();
        room.GetProperty("messages").GetProperty("nodes").GetArrayLength().ShouldBe(unread);
        return (room.GetProperty("position").GetInt64(), unread);
    }
}
