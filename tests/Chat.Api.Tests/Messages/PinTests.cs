namespace Chat.Api.Tests.Messages;

public sealed class PinTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task Pins_are_the_rooms_and_who_pins_is_its_setting()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var roomId = await alice.CreateRoomAsync();
        await bob.JoinAsync(roomId);
        var older = await alice.SayAsync(roomId, "older");
        var newer = await bob.SayAsync(roomId, "newer");
        (await bob.RefusalAsync("pinMessage", new { messageId = newer })).Code.ShouldBe("ROOM_MEMBERS_CANNOT_PIN");
        (await alice.ChangeAsync("pinMessage", new { messageId = newer })).Message.GetProperty("pinned").GetBoolean()
            .ShouldBeTrue();
        await alice.SetAsync(roomId, new { membersCanPin = true });
        var (_, position) = await bob.ChangeAsync("pinMessage", new { messageId = older });
        (await bob.ChangeAsync("pinMessage", new { messageId = older })).Position.ShouldBe(position);
        (await PinnedAsync(bob)).ShouldBe("older newer");
        var (unpinned, last) = await bob.ChangeAsync("unpinMessage", new { messageId = newer });
        unpinned.GetProperty("pinned").GetBoolean().ShouldBeFalse();
        (await alice.ChangeAsync("unpinMessage", new { messageId = newer })).Position.ShouldBe(last);
        (await PinnedAsync(alice)).ShouldBe("older");

        async Task<string> PinnedAsync(ChatClient client)
        {
            var data = await client.DataAsync(
                "query($id: UUID!) { room(id: $id) { pinned { text } } }", new { id = roomId });
            return string.Join(' ', data.GetProperty("room").GetProperty("pinned").EnumerateArray()
                .Select(message => message.Text()));
        }
    }

    [Fact]
    public async Task There_is_no_51st_pin()
    {
        using var alice = await server.PersonAsync("Alice");
        var roomId = await alice.CreateRoomAsync();
        var messages = await PostedAsync(alice, roomId, 51);
        await alice.ForEachAsync("pinMessage", messages.Take(50), id => $"messageId: \"{id}\"");
        (await alice.RefusalAsync("pinMessage", new { messageId = messages[50] })).ShouldBe(("ROOM_PINS_FULL", null));
        await alice.ChangeAsync("unpinMessage", new { messageId = messages[0] });
        await alice.ChangeAsync("pinMessage", new { messageId = messages[50] });
    }

    internal static Task<Guid[]> PostedAsync(ChatClient client, Guid roomId, int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => client.SayAsync(roomId, $"{i}")));
}
