using System.Text.Json;

namespace Chat.Api.Tests.Messages;

public sealed class ReportTests(ChatServer server) : IClassFixture<ChatServer>
{
    private const string Reports =
        """
        query($roomId: UUID, $first: Int, $after: String) { reports(roomId: $roomId, first: $first, after: $after) {
          nodes { id roomId messageId reason at reporter { id } message { text } }
          pageInfo { hasNextPage hasPreviousPage endCursor }
        } }
        """;

    [Fact]
    public async Task Reports_reach_those_who_moderate_and_nobody_else()
    {
        using var owner = await server.PersonAsync("First");
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        using var eve = await server.PersonAsync("Eve");
        var roomId = await alice.CreateRoomAsync("Secret", "PRIVATE");
        await alice.DoAsync("inviteMember", new { roomId, userId = bob.Id }, "position");
        await bob.JoinAsync(roomId);
        var messageId = await alice.SayAsync(roomId, "rude");
        var steps = await alice.PositionAsync(roomId);
        await bob.DoAsync("reportMessage", new { messageId, reason = "It is rude." }, "ok");
        await bob.DoAsync("reportMessage", new { messageId, reason = "It is very rude." }, "ok");
        // It is no step of the room: its members do not see it.
        (await alice.PositionAsync(roomId)).ShouldBe(steps);

        var report = (await NodesAsync(alice, new { roomId })).ShouldHaveSingleItem();
        report.Text("reason").ShouldBe("It is rude.");
        report.GetProperty("messageId").GetGuid().ShouldBe(messageId);
        report.GetProperty("roomId").GetGuid().ShouldBe(roomId);
        report.GetProperty("reporter").Id().ShouldBe(bob.Id);
        report.GetProperty("message").Text().ShouldBe("rude");
        report.GetProperty("at").GetDateTimeOffset().ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddHours(-1));
        (await bob.ErrorCodeAsync(Reports, new { roomId })).ShouldBe("FORBIDDEN");
        (await bob.ErrorCodeAsync(Reports)).ShouldBe("FORBIDDEN");
        (await eve.ErrorCodeAsync(Reports, new { roomId })).ShouldBe("NOT_FOUND");
        (await server.Anonymous().ErrorCodeAsync(Reports, new { roomId })).ShouldBe("UNAUTHENTICATED");

        foreach (var reason in new[] { "", " ", "bell \u0007", new string('x', 501) })
        {
            (await bob.RefusalAsync("reportMessage", new { messageId, reason }))
                .ShouldBe(("INVALID_INPUT", "reason"));
        }

        await alice.ChangeAsync("deleteMessage", new { messageId });
        (await alice.RefusalAsync("reportMessage", new { messageId, reason = "gone" })).Code
            .ShouldBe("MESSAGE_DELETED");
    }

    [Fact]
    public async Task The_servers_administrators_see_all_reports_but_not_what_private_rooms_say()
    {
        await using var own = new ChatServer();
        await own.InitializeAsync();
        using var owner = await own.PersonAsync("First");
        using var alice = await own.PersonAsync("Alice");
        foreach (var visibility in new[] { "PUBLIC", "PRIVATE", "PUBLIC" })
        {
            var roomId = await alice.CreateRoomAsync("Tea", visibility);
            var messageId = await alice.SayAsync(roomId, visibility);
            await alice.DoAsync("reportMessage", new { messageId, reason = visibility }, "ok");
        }

        var all = await NodesAsync(owner, new { });
        all.Select(report => report.Text("reason")).ShouldBe(["PUBLIC", "PRIVATE", "PUBLIC"]);
        all[0].GetProperty("message").Text().ShouldBe("PUBLIC");
        all[1].IsNull("message").ShouldBeTrue();
        var hidden = all[1].GetProperty("roomId").GetGuid();
        (await NodesAsync(owner, new { roomId = hidden })).ShouldHaveSingleItem().Id().ShouldBe(all[1].Id());

        var paged = new List<Guid>();
        string? after = null;
        do
        {
            var page = (await owner.DataAsync(Reports, new { first = 1, after })).GetProperty("reports");
            paged.AddRange(page.Ids("nodes"));
            var info = page.GetProperty("pageInfo");
            info.GetProperty("hasPreviousPage").GetBoolean().ShouldBe(after is not null);
            after = info.GetProperty("hasNextPage").GetBoolean() ? info.Text("endCursor") : null;
        }
        while (after is not null);
        paged.ShouldBe(all.Select(report => report.Id()));
        foreach (object wrong in new object[] { new { first = 0 }, new { after = "?" } })
            (await owner.ErrorCodeAsync(Reports, wrong)).ShouldBe("INVALID_INPUT");
    }

    private static async Task<List<JsonElement>> NodesAsync(ChatClient client, object variables) =>
        [.. (await client.DataAsync(Reports, variables)).GetProperty("reports").GetProperty("nodes").EnumerateArray()];
}
