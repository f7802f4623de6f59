using System.Text.Json;

namespace Chat.Api.Tests.Rooms;

/// <summary>What a room shows to whom.</summary>
public sealed class RoomFieldTests(ChatServer server) : IClassFixture<ChatServer>
{
    private const string Room =
        """
        query($id: UUID!) { room(id: $id) {
          id kind name topic visibility encrypted archived createdAt position memberCount
          settings { slowModeSeconds membersCanInvite membersCanPin guestsCanPost historyForNewMembers retentionDays }
          viewerMembership { room { id } role lastReadPosition unreadCount mentionCount notify mutedUntil }
          members { totalCount pageInfo { hasNextPage } nodes { user { id } role joinedAt mutedUntil } }
          messages { nodes { text } }
          pinned { text }
          activity(first: 3) { __typename position at actor { id } }
        } }
        """;

    [Fact]
    public async Task A_member_sees_every_field()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var id = await alice.CreateRoomAsync("Tea");
        await bob.JoinAsync(id);
        await alice.PostAsync(id, "one");
        await bob.PostAsync(id, "two");
        await alice.DoAsync("muteMember", new { roomId = id, userId = bob.Id, seconds = 3600 }, "position");

        var owner = (await alice.DataAsync(Room, new { id })).GetProperty("room");
        owner.GetProperty("kind").GetString().ShouldBe("GROUP");
        owner.GetProperty("position").GetInt64().ShouldBe(5);
        owner.GetProperty("createdAt").GetDateTimeOffset().ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddHours(-1));
        owner.GetProperty("settings").ToString().ShouldBe(
            """
            {"slowModeSeconds":0,"membersCanInvite":true,"membersCanPin":false,"guestsCanPost":true,
            """.TrimEnd() + """
            "historyForNewMembers":true,"retentionDays":null}
            """);
        var membership = owner.GetProperty("viewerMembership");
        membership.GetProperty("room").GetProperty("id").GetGuid().ShouldBe(id);
        membership.GetProperty("role").GetString().ShouldBe("OWNER");
        membership.GetProperty("lastReadPosition").GetInt64().ShouldBe(0);
        membership.GetProperty("unreadCount").GetInt32().ShouldBe(1);
        membership.GetProperty("mentionCount").GetInt32().ShouldBe(0);
        membership.GetProperty("notify").GetString().ShouldBe("ALL");
        membership.GetProperty("mutedUntil").ValueKind.ShouldBe(JsonValueKind.Null);
        owner.GetProperty("members").GetProperty("totalCount").GetInt32().ShouldBe(2);
        var muted = owner.GetProperty("members").GetProperty("nodes")[1];
        muted.GetProperty("user").GetProperty("id").GetGuid().ShouldBe(bob.Id);
        muted.GetProperty("mutedUntil").GetDateTimeOffset().ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddMinutes(50));
        owner.GetProperty("activity").EnumerateArray().Select(e => e.GetProperty("position").GetInt64())
            .ShouldBe([5, 4, 3]);
        owner.GetProperty("activity")[0].GetProperty("__typename").GetString().ShouldBe("MemberChanged");
        owner.GetProperty("activity")[0].GetProperty("actor").GetProperty("id").GetGuid().ShouldBe(alice.Id);

        var member = (await bob.DataAsync(Room, new { id })).GetProperty("room");
        member.GetProperty("viewerMembership").GetProperty("mutedUntil").ValueKind.ShouldBe(JsonValueKind.String);
        member.GetProperty("activity").ValueKind.ShouldBe(JsonValueKind.Null);
        member.GetProperty("pinned").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_stranger_sees_a_public_room_from_outside()
    {
        using var alice = await server.PersonAsync("Alice");
        using var eve = await server.PersonAsync("Eve");
        var id = await alice.CreateRoomAsync();
        await alice.PostAsync(id, "for members");
        var room = (await eve.DataAsync(Room, new { id })).GetProperty("room");
        room.GetProperty("memberCount").GetInt32().ShouldBe(1);
        foreach (var field in new[] { "viewerMembership", "members", "messages", "pinned", "activity" })
            room.GetProperty(field).ValueKind.ShouldBe(JsonValueKind.Null, field);
    }

    [Fact]
    public async Task Activity_is_paged_backwards()
    {
        using var alice = await server.PersonAsync("Alice");
        var id = await alice.CreateRoomAsync();
        for (var i = 0; i < 5; i++)
            await alice.PostAsync(id, $"{i}");
        const string query =
            "query($id: UUID!, $before: Long) { room(id: $id) { activity(first: 4, before: $before) { position } } }";
        (await PositionsAsync(null)).ShouldBe([6, 5, 4, 3]);
        (await PositionsAsync(3)).ShouldBe([2, 1]);
        (await PositionsAsync(1)).ShouldBeEmpty();
        (await alice.ErrorCodeAsync(query, new { id, before = -1 })).ShouldBe("INVALID_INPUT");

        async Task<List<long>> PositionsAsync(long? before) =>
        [
            .. (await alice.DataAsync(query, new { id, before })).GetProperty("room").GetProperty("activity")
                .EnumerateArray().Select(e => e.GetProperty("position").GetInt64()),
        ];
    }

    [Fact]
    public async Task Whoever_joins_a_room_with_closed_history_begins_at_the_join()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var id = await alice.CreateRoomAsync();
        await alice.PostAsync(id, "before");
        await alice.DoAsync(
            "updateRoom", new { roomId = id, settings = new { historyForNewMembers = false } }, "position");
        await bob.JoinAsync(id);
        // The floor is fixed at the join.
        await alice.DoAsync(
            "updateRoom", new { roomId = id, settings = new { historyForNewMembers = true } }, "position");
        await alice.PostAsync(id, "after");

        var room = (await bob.DataAsync(Room, new { id })).GetProperty("room");
        room.GetProperty("messages").GetProperty("nodes").EnumerateArray()
            .Select(message => message.GetProperty("text").GetString()).ShouldBe(["after"]);
        room.GetProperty("viewerMembership").GetProperty("unreadCount").GetInt32().ShouldBe(1);
        await using var socket = await bob.ConnectAsync();
        await socket.SubscribeAsync(id, after: 0);
        (await socket.NextAsync())!.Value.GetProperty("position").GetInt64().ShouldBe(4);

        // Nor does a moderator see more of what happened.
        await alice.DoAsync("setMemberRole", new { roomId = id, userId = bob.Id, role = "MODERATOR" }, "position");
        const string query = "query($id: UUID!) { room(id: $id) { activity { position } } }";
        var activity = (await bob.DataAsync(query, new { id })).GetProperty("room").GetProperty("activity");
        activity.EnumerateArray().Select(e => e.GetProperty("position").GetInt64()).ShouldBe([7, 6, 5, 4]);
    }

    [Fact]
    public async Task The_servers_administrators_read_public_rooms_but_no_private_ones()
    {
        await using var fresh = new ChatServer();
        await fresh.InitializeAsync();
        using var root = await fresh.PersonAsync("Root");
        using var alice = await fresh.PersonAsync("Alice");
        var open = await alice.CreateRoomAsync();
        var hidden = await alice.CreateRoomAsync("Secret", "PRIVATE");
        await alice.PostAsync(open, "hello");
        var room = (await root.DataAsync(Room, new { id = open })).GetProperty("room");
        room.GetProperty("messages").GetProperty("nodes").GetArrayLength().ShouldBe(1);
        room.GetProperty("activity").GetArrayLength().ShouldBe(2);
        room.GetProperty("viewerMembership").ValueKind.ShouldBe(JsonValueKind.Null);
        (await root.DataAsync(Room, new { id = hidden })).GetProperty("room").ValueKind.ShouldBe(JsonValueKind.Null);

        // Who is let in without a membership is let out when the room becomes private.
        await using var socket = await root.ConnectAsync();
        await socket.SubscribeAsync(open, after: 0);
        await foreach (var step in socket.TakeAsync(2))
            step.GetProperty("roomId").GetGuid().ShouldBe(open);
        await alice.DoAsync("updateRoom", new { roomId = open, visibility = "PRIVATE" }, "position");
        (await socket.NextAsync()).ShouldBeNull();
    }
}
