namespace Chat.Api.Tests.Messages;

public sealed class EditAndDeleteTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task Authors_correct_what_they_wrote()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var roomId = await alice.CreateRoomAsync();
        await bob.JoinAsync(roomId);
        var messageId = await alice.SayAsync(roomId, "helo");
        var (edited, position) = await alice.ChangeAsync(
            "editMessage", new { messageId, text = "hello", mentionIds = new[] { bob.Id } });
        position.ShouldBe(4);
        edited.Text().ShouldBe("hello");
        edited.Number("position").ShouldBe(3);
        edited.GetProperty("editedAt").GetDateTimeOffset()
            .ShouldBeGreaterThan(edited.GetProperty("sentAt").GetDateTimeOffset());
        edited.Ids("mentions").ShouldBe([bob.Id]);
        (await bob.MessageAsync(messageId))!.Value.Text().ShouldBe("hello");

        // Mentions that are not given stay, and what changes nothing is no step.
        (await alice.ChangeAsync("editMessage", new { messageId, text = "hello" })).Position.ShouldBe(4);
        (await alice.ChangeAsync("editMessage", new { messageId, text = "hello!" })).Message.Ids("mentions")
            .ShouldBe([bob.Id]);
        (await alice.ChangeAsync("editMessage", new { messageId, text = "hello!", mentionIds = Array.Empty<Guid>() }))
            .Message.Ids("mentions").ShouldBeEmpty();
    }

    [Fact]
    public async Task Edits_are_refused_as_posts_are()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        using var eve = await server.PersonAsync("Eve");
        var roomId = await alice.CreateRoomAsync();
        await bob.JoinAsync(roomId);
        var messageId = await bob.SayAsync(roomId, "mine");
        (await alice.RefusalAsync("editMessage", new { messageId, text = "yours" })).Code
            .ShouldBe("MESSAGE_NOT_AUTHOR");
        foreach (var text in new[] { "", " ", "bell \u0007", new string('x', 10_001) })
        {
            (await bob.RefusalAsync("editMessage", new { messageId, text })).ShouldBe(("INVALID_INPUT", "text"));
            (await bob.MessageAsync(messageId))!.Value.Text().ShouldBe("mine");
        }

        (await bob.RefusalAsync("editMessage", new { messageId, text = "hi", mentionIds = new[] { eve.Id } }))
            .ShouldBe(("MESSAGE_MENTION_NOT_MEMBER", "mentionIds"));
        var many = Enumerable.Range(0, 51).Select(_ => bob.Id);
        (await bob.RefusalAsync("editMessage", new { messageId, text = "hi", mentionIds = many }))
            .ShouldBe(("INVALID_INPUT", "mentionIds"));
        await alice.DoAsync("muteMember", new { roomId, userId = bob.Id, seconds = 600 }, "position");
        (await bob.RefusalAsync("editMessage", new { messageId, text = "muted" })).Code.ShouldBe("ROOM_MUTED");
        (await bob.RefusalAsync("deleteMessage", new { messageId })).Code.ShouldBe("ROOM_MUTED");
        await alice.DoAsync("muteMember", new { roomId, userId = bob.Id, seconds = 0 }, "position");
        await bob.ChangeAsync("deleteMessage", new { messageId });
        (await bob.RefusalAsync("editMessage", new { messageId, text = "back" })).Code.ShouldBe("MESSAGE_DELETED");
    }

    [Fact]
    public async Task A_deleted_message_leaves_its_place_and_nothing_else()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var roomId = await alice.CreateRoomAsync();
        await bob.JoinAsync(roomId);
        var root = await alice.SayAsync(roomId, "root");
        var messageId = (await bob.SayAsync(
            new { roomId, text = "secret", threadRootId = root, mentionIds = new[] { alice.Id } })).Id();
        var reply = await alice.SayAsync(new { roomId, text = "what?", replyToId = messageId });
        reply.GetProperty("replyTo").Text().ShouldBe("secret");
        await alice.ChangeAsync("addReaction", new { messageId, emoji = "👍" });
        await alice.ChangeAsync("pinMessage", new { messageId });
        (await alice.MessageAsync(root))!.Value.Number("replyCount").ShouldBe(1);

        var before = await alice.PositionAsync(roomId);
        var (deleted, position) = await bob.ChangeAsync("deleteMessage", new { messageId });
        // Unpinning is a step of its own.
        position.ShouldBe(before + 2);
        deleted.Text().ShouldBe("");
        deleted.IsNull("deletedAt").ShouldBeFalse();
        deleted.Reactions().ShouldBe("");
        deleted.Ids("mentions").ShouldBeEmpty();
        deleted.GetProperty("pinned").GetBoolean().ShouldBeFalse();
        deleted.GetProperty("threadRootId").GetGuid().ShouldBe(root);
        (await alice.MessageAsync(root))!.Value.Number("replyCount").ShouldBe(0);
        (await alice.MessageAsync(reply.Id()))!.Value.GetProperty("replyTo").Text().ShouldBe("");
        (await bob.ChangeAsync("deleteMessage", new { messageId })).Position.ShouldBe(position);
        foreach (var mutation in new[] { "addReaction", "pinMessage" })
        {
            object input = mutation == "addReaction" ? new { messageId, emoji = "👍" } : new { messageId };
            (await alice.RefusalAsync(mutation, input)).Code.ShouldBe("MESSAGE_DELETED");
        }

        var activity = await alice.DataAsync(
            "query($id: UUID!) { room(id: $id) { activity(first: 2) { __typename } } }", new { id = roomId });
        activity.GetProperty("room").GetProperty("activity").EnumerateArray()
            .Select(step => step.GetProperty("__typename").GetString())
            .ShouldBe(["MessageDeleted", "MessageUnpinned"]);
    }

    [Fact]
    public async Task Moderators_delete_what_lower_roles_wrote()
    {
        using var owner = await server.PersonAsync("Server");
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        using var carol = await server.PersonAsync("Carol");
        var roomId = await alice.CreateRoomAsync();
        await bob.JoinAsync(roomId);
        await carol.JoinAsync(roomId);
        var messageId = await carol.SayAsync(roomId, "carol's");
        var alices = await alice.SayAsync(roomId, "alice's");
        (await bob.RefusalAsync("deleteMessage", new { messageId })).Code.ShouldBe("FORBIDDEN");
        await alice.RoleAsync(roomId, bob, "MODERATOR");
        await alice.RoleAsync(roomId, carol, "MODERATOR");
        (await bob.RefusalAsync("deleteMessage", new { messageId })).Code.ShouldBe("ROOM_ROLE_NOT_LOWER");
        (await bob.RefusalAsync("deleteMessage", new { messageId = alices })).Code.ShouldBe("ROOM_ROLE_NOT_LOWER");
        await alice.RoleAsync(roomId, carol, "MEMBER");
        foreach (var reason in new[] { "", "bell \u0007", new string('x', 501) })
        {
            (await bob.RefusalAsync("deleteMessage", new { messageId, reason }))
                .ShouldBe(("INVALID_INPUT", "reason"));
        }

        var (deleted, _) = await bob.ChangeAsync("deleteMessage", new { messageId, reason = "rude" });
        deleted.Text().ShouldBe("");
        (await carol.MessageAsync(messageId))!.Value.IsNull("deletedAt").ShouldBeFalse();
    }

    [Fact]
    public async Task Authors_have_24_hours()
    {
        var clock = new ShiftedClock();
        await using var later = new ChatServer { Clock = clock };
        await later.InitializeAsync();
        using var alice = await later.PersonAsync("Alice");
        using var bob = await later.PersonAsync("Bob");
        var roomId = await alice.CreateRoomAsync();
        await bob.JoinAsync(roomId);
        var messageId = await bob.SayAsync(roomId, "mine");
        clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(5));
        // Access tokens are good for minutes.
        await bob.SignInAsync(bob.Email!);
        await alice.SignInAsync(alice.Email!);
        await bob.ChangeAsync("editMessage", new { messageId, text = "still mine" });
        clock.Advance(TimeSpan.FromMinutes(6));
        (await bob.RefusalAsync("editMessage", new { messageId, text = "late" })).Code.ShouldBe("MESSAGE_TOO_OLD");
        (await bob.RefusalAsync("deleteMessage", new { messageId })).Code.ShouldBe("MESSAGE_TOO_OLD");
        (await bob.ChangeAsync("addReaction", new { messageId, emoji = "👍" })).Message.Text().ShouldBe("still mine");
        (await alice.ChangeAsync("deleteMessage", new { messageId })).Message.Text().ShouldBe("");
    }
}
