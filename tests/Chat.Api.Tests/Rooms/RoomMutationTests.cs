using System.Text.Json;

namespace Chat.Api.Tests.Rooms;

/// <summary>What makes and changes rooms: effect, refusals, and what a repetition does.</summary>
public sealed class RoomMutationTests(ChatServer server) : IClassFixture<ChatServer>
{
    private const string Fields =
        """
        position room {
          id kind name topic visibility archived position
          settings { slowModeSeconds membersCanInvite membersCanPin guestsCanPost historyForNewMembers retentionDays }
        }
        """;

    [Fact]
    public async Task Name_topic_visibility_and_settings_are_changed_one_by_one()
    {
        using var alice = await server.PersonAsync("Alice");
        var roomId = await alice.CreateRoomAsync("Tea");
        var named = await alice.DoAsync("updateRoom", new { roomId, name = " Coffee ", topic = "Beans" }, Fields);
        named.GetProperty("position").GetInt64().ShouldBe(2);
        Text(named, "name").ShouldBe("Coffee");
        Text(named, "topic").ShouldBe("Beans");
        var hidden = await alice.DoAsync("updateRoom", new { roomId, visibility = "PRIVATE" }, Fields);
        Text(hidden, "visibility").ShouldBe("PRIVATE");
        Text(hidden, "name").ShouldBe("Coffee");
        var settings = new
        {
            slowModeSeconds = 30,
            membersCanInvite = false,
            membersCanPin = true,
            guestsCanPost = false,
            historyForNewMembers = false,
            retentionDays = 7,
        };
        var set = await alice.DoAsync("updateRoom", new { roomId, settings }, Fields);
        Settings(set).ShouldBe(JsonSerializer.Serialize(settings));
        // What is not given stays; 0 days keep everything for ever.
        var kept = await alice.DoAsync("updateRoom", new { roomId, settings = new { retentionDays = 0 } }, Fields);
        Settings(kept).ShouldBe(JsonSerializer.Serialize(settings).Replace(":7", ":null"));
        // What changes nothing is no step.
        var same = await alice.DoAsync("updateRoom", new { roomId, name = "Coffee", topic = "Beans" }, Fields);
        same.GetProperty("position").GetInt64().ShouldBe(kept.GetProperty("position").GetInt64());
        Text(await alice.DoAsync("updateRoom", new { roomId, topic = "" }, Fields), "topic").ShouldBe("");
    }

    [Fact]
    public async Task Only_who_runs_the_room_changes_it()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        using var eve = await server.PersonAsync("Eve");
        var roomId = await alice.CreateRoomAsync();
        await bob.JoinAsync(roomId);
        foreach (var mutation in new[] { "updateRoom", "archiveRoom" })
        {
            (await bob.RefusalAsync(mutation, new { roomId })).Code.ShouldBe("FORBIDDEN");
            (await eve.RefusalAsync(mutation, new { roomId })).Code.ShouldBe("FORBIDDEN");
            (await bob.RefusalAsync(mutation, new { roomId = Guid.NewGuid() })).Code.ShouldBe("NOT_FOUND");
            (await server.Anonymous().RefusalAsync(mutation, new { roomId })).Code.ShouldBe("UNAUTHENTICATED");
        }

        await alice.DoAsync("setMemberRole", new { roomId, userId = bob.Id, role = "MODERATOR" }, "position");
        (await bob.RefusalAsync("updateRoom", new { roomId, name = "Mine" })).Code.ShouldBe("FORBIDDEN");
        await alice.DoAsync("setMemberRole", new { roomId, userId = bob.Id, role = "ADMIN" }, "position");
        Text(await bob.DoAsync("updateRoom", new { roomId, name = "Ours" }, Fields), "name").ShouldBe("Ours");

        (await alice.RefusalAsync("updateRoom", new { roomId, name = "" })).ShouldBe(("INVALID_INPUT", "name"));
        (await alice.RefusalAsync("updateRoom", new { roomId, settings = new { slowModeSeconds = -1 } }))
            .ShouldBe(("INVALID_INPUT", "settings.slowModeSeconds"));
        (await alice.RefusalAsync("updateRoom", new { roomId, settings = new { retentionDays = 100_000 } }))
            .ShouldBe(("INVALID_INPUT", "settings.retentionDays"));
        var closed = await alice.CreateRoomAsync("Closed", "PRIVATE", encrypted: true);
        (await alice.RefusalAsync("updateRoom", new { roomId = closed, visibility = "PUBLIC" }))
            .ShouldBe(("ROOM_PUBLIC_ENCRYPTED", "visibility"));
    }

    [Fact]
    public async Task An_archived_room_is_read_only_until_it_is_opened_again()
    {
        using var alice = await server.PersonAsync("Alice");
        var roomId = await alice.CreateRoomAsync();
        var archived = await alice.DoAsync("archiveRoom", new { roomId }, Fields);
        archived.GetProperty("room").GetProperty("archived").GetBoolean().ShouldBeTrue();
        (await alice.DoAsync("archiveRoom", new { roomId, archived = true }, Fields)).GetProperty("position").GetInt64()
            .ShouldBe(2);
        (await alice.RefusalAsync("postMessage", new { roomId, text = "late" })).Code.ShouldBe("ROOM_ARCHIVED");
        (await alice.RefusalAsync("updateRoom", new { roomId, name = "Late" })).Code.ShouldBe("ROOM_ARCHIVED");
        var reopened = await alice.DoAsync("archiveRoom", new { roomId, archived = false }, Fields);
        reopened.GetProperty("room").GetProperty("archived").GetBoolean().ShouldBeFalse();
        (await alice.PostAsync(roomId, "back")).ShouldBe(4);
    }

    [Fact]
    public async Task Two_people_always_get_the_same_conversation()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        using var eve = await server.PersonAsync("Eve");
        var opened = await Task.WhenAll(
            alice.DoAsync("openDirect", new { userId = bob.Id }, Fields),
            bob.DoAsync("openDirect", new { userId = alice.Id }, Fields));
        var id = Id(opened[0]);
        Id(opened[1]).ShouldBe(id);
        opened.ShouldAllBe(one => one.GetProperty("position").GetInt64() == 2);
        Text(opened[0], "kind").ShouldBe("DIRECT");
        Text(opened[0], "visibility").ShouldBe("PRIVATE");
        var members = await alice.DataAsync(
            "query($id: UUID!) { room(id: $id) { memberCount members { nodes { role user { id } } } } }", new { id });
        members.GetProperty("room").GetProperty("members").GetProperty("nodes").EnumerateArray()
            .Select(member => member.GetProperty("role").GetString()).ShouldBe(["MEMBER", "MEMBER"]);
        var secret = await alice.DoAsync("openDirect", new { userId = bob.Id, encrypted = true }, Fields);
        Id(secret).ShouldNotBe(id);

        (await eve.DataAsync("query($id: UUID!) { room(id: $id) { id } }", new { id })).GetProperty("room").ValueKind
            .ShouldBe(JsonValueKind.Null);
        (await alice.RefusalAsync("leaveRoom", new { roomId = id })).Code.ShouldBe("ROOM_DIRECT");
        (await alice.RefusalAsync("openDirect", new { userId = alice.Id })).ShouldBe(("DIRECT_WITH_ONESELF", "userId"));
        (await alice.RefusalAsync("openDirect", new { userId = Guid.NewGuid() })).Code.ShouldBe("NOT_FOUND");
        using var guest = await server.GuestAsync("Gina");
        (await guest.RefusalAsync("openDirect", new { userId = alice.Id })).Code.ShouldBe("NOT_FOUND");
        await guest.JoinAsync(await alice.CreateRoomAsync());
        (await guest.RefusalAsync("openDirect", new { userId = alice.Id })).Code.ShouldBe("FORBIDDEN");
    }

    [Fact]
    public async Task A_repeated_command_gets_its_first_result()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var roomId = await alice.CreateRoomAsync();
        await RepeatAsync(alice, "updateRoom", id => new { commandId = id, roomId, name = "Again" },
            id => new { commandId = id, roomId, name = "Other" });
        await RepeatAsync(alice, "archiveRoom", id => new { commandId = id, roomId },
            id => new { commandId = id, roomId, archived = false });
        await RepeatAsync(alice, "openDirect", id => new { commandId = id, userId = bob.Id },
            id => new { commandId = id, userId = bob.Id, encrypted = true });
    }

    private async Task RepeatAsync(
        ChatClient client, string mutation, Func<Guid, object> input, Func<Guid, object> other)
    {
        var commandId = Guid.NewGuid();
        var first = await client.DoAsync(mutation, input(commandId), Fields);
        var events = await server.EventsAsync();
        var again = await client.DoAsync(mutation, input(commandId), Fields);
        again.GetProperty("position").GetInt64().ShouldBe(first.GetProperty("position").GetInt64());
        Id(again).ShouldBe(Id(first));
        (await client.RefusalAsync(mutation, other(commandId))).ShouldBe(("COMMAND_ID_REUSED", "commandId"), mutation);
        (await server.EventsAsync()).ShouldBe(events);
    }

    private static Guid Id(JsonElement payload) => payload.GetProperty("room").GetProperty("id").GetGuid();

    private static string? Text(JsonElement payload, string field) =>
        payload.GetProperty("room").GetProperty(field).GetString();

    private static string Settings(JsonElement payload) =>
        payload.GetProperty("room").GetProperty("settings").ToString();
}
