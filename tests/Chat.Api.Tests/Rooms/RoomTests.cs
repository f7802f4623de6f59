using System.Text.Json;
using Chat.Api.Hosting;

namespace Chat.Api.Tests.Rooms;

public sealed class RoomTests(ChatServer server) : IClassFixture<ChatServer>
{
    private const string Room =
        """
        query($id: UUID!) { room(id: $id) {
          id name topic visibility kind encrypted archived position memberCount viewerMembership { role }
          members { totalCount nodes { role user { displayName } } }
          messages { nodes { text } }
        } }
        """;

    [Fact]
    public async Task A_room_is_created_found_joined_and_left()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.GuestAsync("Bob");
        var name = $"Tea {Guid.NewGuid():N}";
        var created = await alice.DoAsync(
            "createRoom", new { name, topic = "Only tea" },
            "position room { id position memberCount viewerMembership { role } }");
        created.GetProperty("position").GetInt64().ShouldBe(1);
        var id = created.GetProperty("room").GetProperty("id").GetGuid();

        var found = await bob.DataAsync(
            """
            query($search: String!) { rooms(search: $search) {
              nodes { id name topic memberCount viewerMembership { role } }
            } }
            """,
            new { search = name[..12].ToUpperInvariant() });
        var listed = found.GetProperty("rooms").GetProperty("nodes").EnumerateArray().ShouldHaveSingleItem();
        listed.GetProperty("id").GetGuid().ShouldBe(id);
        listed.GetProperty("topic").GetString().ShouldBe("Only tea");
        listed.GetProperty("viewerMembership").ValueKind.ShouldBe(JsonValueKind.Null);

        var joined = await bob.JoinAsync(id);
        joined.GetProperty("position").GetInt64().ShouldBe(2);
        joined.GetProperty("room").GetProperty("memberCount").GetInt32().ShouldBe(2);
        var inside = (await bob.DataAsync(Room, new { id })).GetProperty("room");
        inside.GetProperty("viewerMembership").GetProperty("role").GetString().ShouldBe("MEMBER");
        inside.GetProperty("members").GetProperty("nodes").EnumerateArray()
            .Select(member => (
                member.GetProperty("user").GetProperty("displayName").GetString(),
                member.GetProperty("role").GetString()))
            .ShouldBe([("Alice", "OWNER"), ("Bob", "MEMBER")]);

        (await bob.LeaveAsync(id)).GetProperty("position").GetInt64().ShouldBe(3);
        var outside = (await bob.DataAsync(Room, new { id })).GetProperty("room");
        outside.GetProperty("memberCount").GetInt32().ShouldBe(1);
        outside.GetProperty("members").ValueKind.ShouldBe(JsonValueKind.Null);
        outside.GetProperty("messages").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_private_room_looks_like_none_to_strangers()
    {
        using var alice = await server.PersonAsync("Alice");
        using var eve = await server.PersonAsync("Eve");
        var hidden = await alice.CreateRoomAsync("Secret", "PRIVATE");
        await alice.PostAsync(hidden, "nobody must read this");
        var missing = Guid.NewGuid();
        foreach (var id in new[] { hidden, missing })
        {
            (await eve.DataAsync(Room, new { id })).GetProperty("room").ValueKind.ShouldBe(JsonValueKind.Null);
            (await eve.RefusalAsync("joinRoom", new { roomId = id })).Code.ShouldBe("NOT_FOUND");
            (await eve.RefusalAsync("leaveRoom", new { roomId = id })).Code.ShouldBe("NOT_FOUND");
            (await eve.RefusalAsync("postMessage", new { roomId = id, text = "hello?" })).Code.ShouldBe("NOT_FOUND");
            await using var socket = await eve.ConnectAsync();
            await socket.SubscribeAsync(id, after: 0);
            (await Should.ThrowAsync<SubscriptionException>(socket.NextAsync())).Code.ShouldBe("NOT_FOUND");
        }

        (await FoundAsync(eve, "Secret")).ShouldBe(0);
        (await FoundAsync(alice, "Secret")).ShouldBe(1);
    }

    [Fact]
    public async Task A_stranger_neither_reads_nor_writes_in_a_public_room()
    {
        using var alice = await server.PersonAsync("Alice");
        using var eve = await server.PersonAsync("Eve");
        var room = await alice.CreateRoomAsync();
        await alice.PostAsync(room, "for members");
        var before = await server.EventsAsync();
        (await eve.DataAsync(Room, new { id = room })).GetProperty("room").GetProperty("messages").ValueKind
            .ShouldBe(JsonValueKind.Null);
        (await eve.RefusalAsync("postMessage", new { roomId = room, text = "me too" })).Code.ShouldBe("FORBIDDEN");
        await using var socket = await eve.ConnectAsync();
        await socket.SubscribeAsync(room, after: 0);
        (await Should.ThrowAsync<SubscriptionException>(socket.NextAsync())).Code.ShouldBe("FORBIDDEN");
        (await server.EventsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task The_id_of_an_account_is_no_room()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        foreach (var mutation in new[] { "joinRoom", "leaveRoom" })
            (await alice.RefusalAsync(mutation, new { roomId = bob.Id })).Code.ShouldBe("NOT_FOUND");
        (await alice.RefusalAsync("postMessage", new { roomId = bob.Id, text = "hi" })).Code.ShouldBe("NOT_FOUND");
    }

    [Fact]
    public async Task People_come_and_go_at_the_same_moment_without_hindering_each_other()
    {
        using var alice = await server.PersonAsync("Alice");
        var room = await alice.CreateRoomAsync();
        var guests = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => server.GuestAsync($"Guest {i}")));
        await Task.WhenAll(guests.Select(guest => guest.JoinAsync(room)));
        await Task.WhenAll(guests.Select((guest, i) =>
            i % 2 == 0 ? (Task)guest.LeaveAsync(room) : guest.PostAsync(room, "staying")));
        var data = await alice.DataAsync(Room, new { id = room });
        var members = data.GetProperty("room").GetProperty("memberCount").GetInt32();
        members.ShouldBe(1 + (guests.Length / 2));
    }

    [Fact]
    public async Task Each_mutation_of_a_request_sees_what_the_one_before_did()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.GuestAsync("Bob");
        var room = await alice.CreateRoomAsync();
        var data = await bob.DataAsync(
            $$"""
            mutation {
              a: joinRoom(input: { roomId: "{{room}}" }) { room { viewerMembership { role } } }
              b: leaveRoom(input: { roomId: "{{room}}" }) {
                room { viewerMembership { role } messages { nodes { id } } }
              }
            }
            """);
        data.GetProperty("a").GetProperty("room").GetProperty("viewerMembership").GetProperty("role").GetString()
            .ShouldBe("MEMBER");
        data.GetProperty("b").GetProperty("room").GetProperty("viewerMembership").ValueKind
            .ShouldBe(JsonValueKind.Null);
        data.GetProperty("b").GetProperty("room").GetProperty("messages").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Many_requests_of_several_commands_do_not_wait_for_each_other()
    {
        using var alice = await server.PersonAsync("Alice");
        var room = await alice.CreateRoomAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => alice.DataAsync(
            $$"""
            mutation {
              a: joinRoom(input: { roomId: "{{room}}" }) { room { memberCount } errors { code } }
              b: joinRoom(input: { roomId: "{{room}}", commandId: "{{Guid.NewGuid()}}" }) {
                room { memberCount } errors { code }
              }
            }
            """)));
        answers.ShouldAllBe(answer => answer.GetProperty("a").GetProperty("errors").GetArrayLength() == 0
            && answer.GetProperty("b").GetProperty("errors").GetArrayLength() == 0);
    }

    [Fact]
    public async Task Many_conversations_that_begin_at_once_do_not_wait_for_each_other()
    {
        using var alice = await server.PersonAsync("Alice");
        var others = new List<Guid>();
        for (var i = 0; i < 2 * ChatServices.SnapshotsMax; i++)
        {
            using var guest = await server.GuestAsync($"Guest {i}");
            others.Add(guest.Id);
        }

        await Task.WhenAll(others.Select(userId => alice.DoAsync("openDirect", new { userId }, "room { id }")));
    }

    [Fact]
    public async Task Many_invitations_to_rooms_that_a_node_has_not_seen_yet_do_not_wait_for_each_other()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var rooms = await Task.WhenAll(
            Enumerable.Range(0, 2 * ChatServices.SnapshotsMax).Select(_ => alice.CreateRoomAsync()));
        await using var other = new ChatServer { ConnectionString = server.DatabaseConnection };
        other.Settings["Chat:NodeName"] = "other";
        await other.InitializeAsync();
        using var there = alice.At(other.Address);
        // Each of them has looked up whom to invite when it comes to the room.
        await Task.WhenAll(rooms.Select(
            roomId => there.DoAsync("inviteMember", new { roomId, userId = bob.Id }, "position")));
    }

    [Fact]
    public async Task Guests_do_not_create_rooms()
    {
        using var guest = await server.GuestAsync("Bob");
        (await guest.RefusalAsync("createRoom", new { name = "Mine" })).Code.ShouldBe("FORBIDDEN");
    }

    [Theory]
    [InlineData("", null, "name")]
    [InlineData("Tea\u0000", null, "name")]
    [InlineData("Tea\u202Epot", null, "name")]
    [InlineData("Tea", "to\npic", "topic")]
    public async Task Bad_names_are_refused(string name, string? topic, string field)
    {
        using var alice = await server.PersonAsync("Alice");
        var before = await server.EventsAsync();
        (await alice.RefusalAsync("createRoom", new { name, topic })).ShouldBe(("INVALID_INPUT", field));
        (await server.EventsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_public_room_cannot_be_encrypted_and_an_encrypted_one_takes_ciphertext()
    {
        using var alice = await server.PersonAsync("Alice");
        (await alice.RefusalAsync("createRoom", new { name = "Open", encrypted = true }))
            .ShouldBe(("ROOM_PUBLIC_ENCRYPTED", "encrypted"));
        var room = await alice.CreateRoomAsync("Closed", "PRIVATE", encrypted: true);
        (await alice.RefusalAsync("postMessage", new { roomId = room, text = "plain words" }))
            .ShouldBe(("INVALID_INPUT", "text"));
        (await alice.PostAsync(room, "Y2lwaGVydGV4dA==")).ShouldBe(2);
    }

    [Fact]
    public async Task The_owner_stays_until_alone_and_then_archives()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var room = await alice.CreateRoomAsync();
        await bob.JoinAsync(room);
        (await alice.RefusalAsync("leaveRoom", new { roomId = room })).Code.ShouldBe("ROOM_LAST_OWNER");
        await bob.LeaveAsync(room);
        (await alice.LeaveAsync(room)).GetProperty("position").GetInt64().ShouldBe(5);
        (await bob.RefusalAsync("joinRoom", new { roomId = room })).Code.ShouldBe("ROOM_ARCHIVED");
    }

    [Fact]
    public async Task The_list_is_paged_by_name_without_holes_or_doubles()
    {
        using var alice = await server.PersonAsync("Alice");
        var tag = Guid.NewGuid().ToString("N")[..8];
        var names = new[] { "b", "A", "c", "ä", "B", "a" }.Select(letter => $"{tag} {letter}").ToArray();
        foreach (var name in names)
            await alice.CreateRoomAsync(name);
        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = (await alice.DataAsync(
                """
                query($search: String, $after: String) { rooms(search: $search, first: 2, after: $after) {
                  nodes { name } pageInfo { hasNextPage endCursor }
                } }
                """,
                new { search = tag, after })).GetProperty("rooms");
            seen.AddRange(page.GetProperty("nodes").EnumerateArray()
                .Select(node => node.GetProperty("name").GetString()!));
            var info = page.GetProperty("pageInfo");
            after = info.GetProperty("hasNextPage").GetBoolean() ? info.GetProperty("endCursor").GetString() : null;
        }
        while (after is not null && seen.Count < 20);
        seen.Order(StringComparer.Ordinal).ShouldBe(names.Order(StringComparer.Ordinal));
        (await alice.ErrorCodeAsync("{ rooms(after: \"rubbish\") { nodes { id } } }")).ShouldBe("INVALID_INPUT");
        (await alice.ErrorCodeAsync("{ rooms(first: 101) { nodes { id } } }")).ShouldBe("INVALID_INPUT");
        (await FoundAsync(alice, "100%_\\")).ShouldBe(0);
    }

    private static async Task<int> FoundAsync(ChatClient client, string search)
    {
        var data = await client.DataAsync(
            "query($search: String!) { rooms(search: $search) { nodes { id } } }", new { search });
        return data.GetProperty("rooms").GetProperty("nodes").GetArrayLength();
    }
}
