using System.Text.Json;

namespace Chat.Api.Tests.Messages;

/// <summary>What a message can say of others: replies, threads and mentions.</summary>
public sealed class ThreadTests(ChatServer server) : IClassFixture<ChatServer>
{
    private const string Thread =
        """
        query($rootId: UUID!, $first: Int, $after: Long) { thread(rootId: $rootId, first: $first, after: $after) {
          nodes { id text threadRootId position } pageInfo { hasPreviousPage hasNextPage startCursor endCursor }
        } }
        """;

    [Fact]
    public async Task A_reply_shows_what_it_replies_to_above_the_floor()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var roomId = await alice.CreateRoomAsync();
        await alice.SetAsync(roomId, new { historyForNewMembers = false });
        var old = await alice.SayAsync(roomId, "before");
        await bob.JoinAsync(roomId);
        var reply = await alice.SayAsync(new { roomId, text = "about before", replyToId = old });
        reply.GetProperty("replyTo").Id().ShouldBe(old);
        reply.IsNull("threadRootId").ShouldBeTrue();
        (await bob.MessageAsync(reply.Id()))!.Value.IsNull("replyTo").ShouldBeTrue();
        (await alice.MessageAsync(reply.Id()))!.Value.GetProperty("replyTo").Text().ShouldBe("before");

        (await bob.MessageAsync(old)).ShouldBeNull();
        (await bob.ErrorCodeAsync(Thread, new { rootId = old })).ShouldBe("NOT_FOUND");
        (await bob.RefusalAsync("postMessage", new { roomId, text = "me too", replyToId = old }))
            .ShouldBe(("NOT_FOUND", "replyToId"));
        (await bob.RefusalAsync("postMessage", new { roomId, text = "me too", threadRootId = old }))
            .ShouldBe(("NOT_FOUND", "threadRootId"));
        var answer = await bob.SayAsync(new { roomId, text = "yes", replyToId = reply.Id() });
        answer.GetProperty("replyTo").Text().ShouldBe("about before");
        // Both in one page, each as its viewer sees it.
        var page = await bob.DataAsync(
            "query($id: UUID!) { room(id: $id) { messages { nodes { text replyTo { text } } } } }",
            new { id = roomId });
        page.GetProperty("room").GetProperty("messages").GetProperty("nodes").ToString().ShouldBe(
            """[{"text":"about before","replyTo":null},{"text":"yes","replyTo":{"text":"about before"}}]""");
    }

    [Fact]
    public async Task A_thread_is_counted_and_paged()
    {
        using var alice = await server.PersonAsync("Alice");
        var roomId = await alice.CreateRoomAsync();
        var rootId = await alice.SayAsync(roomId, "root");
        await alice.SayAsync(roomId, "beside");
        var inside = await alice.SayAsync(new { roomId, text = "1", threadRootId = rootId });
        inside.GetProperty("threadRootId").GetGuid().ShouldBe(rootId);
        await alice.SayAsync(new { roomId, text = "2", threadRootId = rootId, replyToId = inside.Id() });
        await alice.SayAsync(new { roomId, text = "3", threadRootId = rootId });
        (await alice.MessageAsync(rootId))!.Value.Number("replyCount").ShouldBe(3);

        var first = await PageAsync(new { rootId, first = 2 });
        Texts(first).ShouldBe("1 2");
        first.GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean().ShouldBeTrue();
        var end = long.Parse(first.GetProperty("pageInfo").Text("endCursor")!, null);
        var second = await PageAsync(new { rootId, first = 2, after = end });
        Texts(second).ShouldBe("3");
        second.GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean().ShouldBeFalse();
        second.GetProperty("pageInfo").GetProperty("hasPreviousPage").GetBoolean().ShouldBeTrue();
        Texts(await PageAsync(new { rootId = inside.Id() })).ShouldBe("");
        foreach (object wrong in new object[] { new { rootId, first = 0 }, new { rootId, after = -1 } })
            (await alice.ErrorCodeAsync(Thread, wrong)).ShouldBe("INVALID_INPUT");
        (await alice.ErrorCodeAsync(Thread, new { rootId = Guid.NewGuid() })).ShouldBe("NOT_FOUND");
        (await server.Anonymous().ErrorCodeAsync(Thread, new { rootId })).ShouldBe("UNAUTHENTICATED");
        (await server.Anonymous().ErrorCodeAsync($"{{ message(id: \"{rootId}\") {{ id }} }}"))
            .ShouldBe("UNAUTHENTICATED");

        (await alice.RefusalAsync("postMessage", new { roomId, text = "deep", threadRootId = inside.Id() }))
            .ShouldBe(("MESSAGE_THREAD_NESTED", "threadRootId"));
        var elsewhere = await alice.CreateRoomAsync("Elsewhere");
        (await alice.RefusalAsync("postMessage", new { roomId = elsewhere, text = "far", threadRootId = rootId }))
            .ShouldBe(("NOT_FOUND", "threadRootId"));
        (await alice.RefusalAsync("postMessage", new { roomId = elsewhere, text = "far", replyToId = rootId }))
            .ShouldBe(("NOT_FOUND", "replyToId"));

        async Task<JsonElement> PageAsync(object variables) =>
            (await alice.DataAsync(Thread, variables)).GetProperty("thread");

        static string Texts(JsonElement page) =>
            string.Join(' ', page.GetProperty("nodes").EnumerateArray().Select(node => node.Text()));
    }

    [Fact]
    public async Task Mentions_are_named_by_id_and_only_members_are()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        using var eve = await server.PersonAsync("Eve");
        var roomId = await alice.CreateRoomAsync();
        await bob.JoinAsync(roomId);
        var said = await bob.SayAsync(
            new { roomId, text = "@Alice @Eve", mentionIds = new[] { alice.Id, alice.Id, bob.Id } });
        said.Ids("mentions").ShouldBe([alice.Id, bob.Id]);
        said.GetProperty("mentionsRoom").GetBoolean().ShouldBeFalse();
        (await alice.MessageAsync(said.Id()))!.Value.Ids("mentions").ShouldBe([alice.Id, bob.Id]);
        (await bob.RefusalAsync("postMessage", new { roomId, text = "hi", mentionIds = new[] { eve.Id } }))
            .ShouldBe(("MESSAGE_MENTION_NOT_MEMBER", "mentionIds"));
        var many = Enumerable.Range(0, 51).Select(_ => Guid.NewGuid());
        (await bob.RefusalAsync("postMessage", new { roomId, text = "hi", mentionIds = many }))
            .ShouldBe(("INVALID_INPUT", "mentionIds"));
        (await bob.RefusalAsync("postMessage", new { roomId, text = "hi", mentionsRoom = true }))
            .ShouldBe(("FORBIDDEN", "mentionsRoom"));
        (await alice.SayAsync(new { roomId, text = "all", mentionsRoom = true }))
            .GetProperty("mentionsRoom").GetBoolean().ShouldBeTrue();
        (await alice.RefusalAsync("postMessage", new { roomId, text = "x", attachmentIds = new[] { Guid.NewGuid() } }))
            .ShouldBe(("INVALID_INPUT", "attachmentIds"));
        await alice.SayAsync(new { roomId, text = "x", attachmentIds = Array.Empty<Guid>() });
    }
}
