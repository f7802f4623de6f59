namespace Chat.Api.Tests.Messages;

/// <summary>What holds for every command on a message.</summary>
public sealed class MessageCommandTests(ChatServer server) : IClassFixture<ChatServer>
{
    public static TheoryData<string> Mutations { get; } =
    [
        "editMessage", "deleteMessage", "addReaction", "removeReaction", "pinMessage", "unpinMessage", "reportMessage",
    ];

    [Theory]
    [MemberData(nameof(Mutations))]
    public async Task What_is_not_theirs_to_see_looks_missing(string mutation)
    {
        using var alice = await server.PersonAsync("Alice");
        using var eve = await server.PersonAsync("Eve");
        var before = Guid.Empty;
        foreach (var visibility in new[] { "PUBLIC", "PRIVATE" })
        {
            var roomId = await alice.CreateRoomAsync("Tea", visibility);
            before = await PreparedAsync(alice, roomId, mutation);
            await alice.SetAsync(roomId, new { historyForNewMembers = false });
            (await eve.RefusalAsync(mutation, Input(mutation, before))).ShouldBe(("NOT_FOUND", null));
            // What lies before the floor does, too.
            await alice.DoAsync("inviteMember", new { roomId, userId = eve.Id }, "position");
            (await eve.RefusalAsync(mutation, Input(mutation, before))).ShouldBe(("NOT_FOUND", null));
            await eve.JoinAsync(roomId);
            (await eve.RefusalAsync(mutation, Input(mutation, before))).ShouldBe(("NOT_FOUND", null));
            (await eve.MessageAsync(before)).ShouldBeNull();
        }

        (await alice.RefusalAsync(mutation, Input(mutation, Guid.NewGuid()))).ShouldBe(("NOT_FOUND", null));
        (await server.Anonymous().RefusalAsync(mutation, Input(mutation, before))).Code.ShouldBe("UNAUTHENTICATED");
    }

    [Theory]
    [MemberData(nameof(Mutations))]
    public async Task A_repeated_command_does_nothing_and_gets_its_first_position_for_ever(string mutation)
    {
        using var alice = await server.PersonAsync("Alice");
        var roomId = await alice.CreateRoomAsync();
        var other = await alice.SayAsync(roomId, "other");
        var message = await PreparedAsync(alice, roomId, mutation);
        var commandId = Guid.NewGuid();
        var first = await DoAsync(message);
        var events = await server.EventsAsync();
        (await DoAsync(message)).ShouldBe(first);
        (await alice.RefusalAsync(mutation, Input(mutation, other, commandId)))
            .ShouldBe(("COMMAND_ID_REUSED", "commandId"));
        (await alice.RefusalAsync("postMessage", new { roomId, text = "again", commandId }))
            .ShouldBe(("COMMAND_ID_REUSED", "commandId"));
        (await server.EventsAsync()).ShouldBe(events);

        // Who has left may not do it any more, and may not read what it was done to: it is done all the same.
        await alice.LeaveAsync(roomId);
        var selection = mutation == "reportMessage" ? "ok" : "position message { text }";
        var again = await alice.DoAsync(mutation, Input(mutation, message, commandId), selection);
        if (mutation != "reportMessage")
        {
            again.Number("position").ShouldBe(first);
            again.IsNull("message").ShouldBe((await alice.MessageAsync(message)) is null);
        }

        async Task<long> DoAsync(Guid messageId)
        {
            if (mutation == "reportMessage")
            {
                await alice.DoAsync(mutation, Input(mutation, messageId, commandId), "ok");
                return 0;
            }

            var (changed, position) = await alice.ChangeAsync(mutation, Input(mutation, messageId, commandId));
            changed.Id().ShouldBe(messageId);
            return position;
        }
    }

    [Theory]
    [MemberData(nameof(Mutations))]
    public async Task Nothing_happens_in_an_archived_room_but_reports(string mutation)
    {
        using var alice = await server.PersonAsync("Alice");
        var roomId = await alice.CreateRoomAsync();
        var message = await PreparedAsync(alice, roomId, mutation);
        await alice.DoAsync("archiveRoom", new { roomId }, "position");
        if (mutation == "reportMessage")
            await alice.DoAsync(mutation, Input(mutation, message), "ok");
        else
            (await alice.RefusalAsync(mutation, Input(mutation, message))).Code.ShouldBe("ROOM_ARCHIVED");
    }

    private static async Task<Guid> PreparedAsync(ChatClient client, Guid roomId, string mutation)
    {
        var message = await client.SayAsync(roomId, "hello");
        if (mutation is "removeReaction")
            await client.ChangeAsync("addReaction", Input("addReaction", message));
        if (mutation is "unpinMessage")
            await client.ChangeAsync("pinMessage", Input("pinMessage", message));
        return message;
    }

    private static Dictionary<string, object> Input(string mutation, Guid messageId, Guid? commandId = null)
    {
        var input = new Dictionary<string, object> { ["messageId"] = messageId };
        if (commandId is { } id)
            input["commandId"] = id;
        if (mutation is "editMessage")
            input["text"] = "hello there";
        if (mutation is "addReaction" or "removeReaction")
            input["emoji"] = "👍";
        if (mutation is "deleteMessage" or "reportMessage")
            input["reason"] = "not nice";
        return input;
    }
}
