using System.Text.Json;

namespace Chat.Api.Tests.Rooms;

/// <summary>Who comes, who goes, as what, and who is put out.</summary>
public sealed class MembershipTests(ChatServer server) : IClassFixture<ChatServer>
{
    private const string Invitations =
        """
        { viewer { invitations { at room { id name topic memberCount encrypted } invitedBy { id } }
          memberships { role room { id } } } }
        """;

    private const string Members =
        "query($id: UUID!) { room(id: $id) { members { nodes { role mutedUntil user { id } } } } }";

    [Fact]
    public async Task An_invitation_shows_a_private_room_and_lets_in()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var roomId = await alice.CreateRoomAsync("Secret", "PRIVATE");
        await alice.DoAsync("inviteMember", new { roomId, userId = bob.Id }, "position");
        var invitation = (await bob.DataAsync(Invitations)).GetProperty("viewer").GetProperty("invitations")
            .EnumerateArray().ShouldHaveSingleItem();
        invitation.GetProperty("room").GetProperty("id").GetGuid().ShouldBe(roomId);
        invitation.GetProperty("room").GetProperty("name").GetString().ShouldBe("Secret");
        invitation.GetProperty("room").GetProperty("memberCount").GetInt32().ShouldBe(1);
        invitation.GetProperty("invitedBy").GetProperty("id").GetGuid().ShouldBe(alice.Id);
        var outside = (await bob.DataAsync(
            "query($id: UUID!) { room(id: $id) { name messages { nodes { id } } } }", new { id = roomId }))
            .GetProperty("room");
        outside.GetProperty("messages").ValueKind.ShouldBe(JsonValueKind.Null);

        await bob.JoinAsync(roomId);
        var viewer = (await bob.DataAsync(Invitations)).GetProperty("viewer");
        viewer.GetProperty("invitations").GetArrayLength().ShouldBe(0);
        viewer.GetProperty("memberships").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task An_invitation_is_declined_or_taken_back()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var roomId = await alice.CreateRoomAsync("Secret", "PRIVATE");
        await alice.DoAsync("inviteMember", new { roomId, userId = bob.Id }, "position");
        await bob.LeaveAsync(roomId);
        (await bob.RefusalAsync("joinRoom", new { roomId })).Code.ShouldBe("NOT_FOUND");
        await alice.DoAsync("inviteMember", new { roomId, userId = bob.Id }, "position");
        await alice.DoAsync("kickMember", new { roomId, userId = bob.Id }, "position");
        (await bob.RefusalAsync("joinRoom", new { roomId })).Code.ShouldBe("NOT_FOUND");
        (await alice.DoAsync("kickMember", new { roomId, userId = bob.Id }, "position room { memberCount }"))
            .GetProperty("room").GetProperty("memberCount").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Who_may_invite_is_the_rooms_setting()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        using var carol = await server.PersonAsync("Carol");
        var roomId = await alice.CreateRoomAsync();
        (await bob.RefusalAsync("inviteMember", new { roomId, userId = carol.Id })).Code.ShouldBe("FORBIDDEN");
        await bob.JoinAsync(roomId);
        await bob.DoAsync("inviteMember", new { roomId, userId = carol.Id }, "position");
        await alice.DoAsync("updateRoom", new { roomId, settings = new { membersCanInvite = false } }, "position");
        (await bob.RefusalAsync("inviteMember", new { roomId, userId = carol.Id })).Code
            .ShouldBe("ROOM_MEMBERS_CANNOT_INVITE");
        (await alice.RefusalAsync("inviteMember", new { roomId, userId = Guid.NewGuid() }))
            .ShouldBe(("NOT_FOUND", "userId"));
        await alice.DoAsync("banMember", new { roomId, userId = carol.Id }, "position");
        (await alice.RefusalAsync("inviteMember", new { roomId, userId = carol.Id }))
            .ShouldBe(("ROOM_MEMBER_BANNED", "userId"));
    }

    [Fact]
    public async Task Roles_are_given_taken_and_handed_over()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        using var gina = await server.GuestAsync("Gina");
        var roomId = await alice.CreateRoomAsync();
        await bob.JoinAsync(roomId);
        await gina.JoinAsync(roomId);
        await alice.DoAsync("setMemberRole", new { roomId, userId = bob.Id, role = "ADMIN" }, "position");
        (await RolesAsync(alice, roomId)).ShouldBe(["OWNER", "ADMIN", "MEMBER"]);
        (await bob.RefusalAsync("setMemberRole", new { roomId, userId = alice.Id, role = "MEMBER" })).Code
            .ShouldBe("ROOM_ROLE_NOT_LOWER");
        (await bob.RefusalAsync("setMemberRole", new { roomId, userId = gina.Id, role = "OWNER" })).Code
            .ShouldBe("FORBIDDEN");
        (await alice.RefusalAsync("setMemberRole", new { roomId, userId = gina.Id, role = "MODERATOR" }))
            .ShouldBe(("ROOM_GUEST_ROLE", "userId"));
        (await alice.RefusalAsync("setMemberRole", new { roomId, userId = Guid.NewGuid(), role = "MEMBER" }))
            .ShouldBe(("NOT_FOUND", "userId"));
        var handed = await alice.DoAsync(
            "setMemberRole", new { roomId, userId = bob.Id, role = "OWNER" }, "position room { position }");
        handed.GetProperty("position").GetInt64().ShouldBe(6);
        (await RolesAsync(alice, roomId)).ShouldBe(["ADMIN", "OWNER", "MEMBER"]);
        await alice.LeaveAsync(roomId);
    }

    [Fact]
    public async Task A_kicked_member_may_come_again_and_a_banned_one_is_told_so()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var roomId = await alice.CreateRoomAsync();
        await bob.JoinAsync(roomId);
        (await bob.RefusalAsync("kickMember", new { roomId, userId = alice.Id })).Code.ShouldBe("FORBIDDEN");
        (await alice.RefusalAsync("kickMember", new { roomId, userId = bob.Id, reason = "" }))
            .ShouldBe(("INVALID_INPUT", "reason"));
        var kicked = await alice.DoAsync(
            "kickMember", new { roomId, userId = bob.Id, reason = "spam" }, "position room { memberCount }");
        kicked.GetProperty("room").GetProperty("memberCount").GetInt32().ShouldBe(1);
        (await bob.RefusalAsync("postMessage", new { roomId, text = "still here" })).Code.ShouldBe("FORBIDDEN");
        await bob.JoinAsync(roomId);
        await alice.DoAsync("banMember", new { roomId, userId = bob.Id }, "position");
        (await bob.RefusalAsync("joinRoom", new { roomId })).Code.ShouldBe("ROOM_BANNED");
        (await bob.RefusalAsync("postMessage", new { roomId, text = "still here" })).Code.ShouldBe("ROOM_BANNED");
        (await alice.RefusalAsync("banMember", new { roomId, userId = Guid.NewGuid() }))
            .ShouldBe(("NOT_FOUND", "userId"));
        await alice.DoAsync("unbanMember", new { roomId, userId = bob.Id }, "position");
        await bob.JoinAsync(roomId);
        (await bob.RefusalAsync("unbanMember", new { roomId, userId = alice.Id })).Code.ShouldBe("FORBIDDEN");
    }

    [Fact]
    public async Task A_mute_holds_for_its_time_and_across_a_leave()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var roomId = await alice.CreateRoomAsync();
        await bob.JoinAsync(roomId);
        await alice.DoAsync("muteMember", new { roomId, userId = bob.Id, seconds = 3600, reason = "caps" }, "position");
        (await bob.RefusalAsync("postMessage", new { roomId, text = "HELLO" })).Code.ShouldBe("ROOM_MUTED");
        await bob.LeaveAsync(roomId);
        await bob.JoinAsync(roomId);
        (await bob.RefusalAsync("postMessage", new { roomId, text = "HELLO" })).Code.ShouldBe("ROOM_MUTED");
        await alice.DoAsync("muteMember", new { roomId, userId = bob.Id, seconds = 0 }, "position");
        await bob.PostAsync(roomId, "hello");
        (await alice.RefusalAsync("muteMember", new { roomId, userId = bob.Id, seconds = -1 }))
            .ShouldBe(("INVALID_INPUT", "seconds"));
        (await alice.RefusalAsync("muteMember", new { roomId, userId = Guid.NewGuid(), seconds = 5 }))
            .ShouldBe(("NOT_FOUND", "userId"));
        (await bob.RefusalAsync("muteMember", new { roomId, userId = alice.Id, seconds = 5 })).Code
            .ShouldBe("FORBIDDEN");
    }

    [Fact]
    public async Task What_a_member_wants_to_be_told_of_is_kept()
    {
        using var alice = await server.PersonAsync("Alice");
        using var eve = await server.PersonAsync("Eve");
        var roomId = await alice.CreateRoomAsync();
        foreach (var level in new[] { "MENTIONS", "NOTHING", "NOTHING", "ALL" })
        {
            (await alice.DoAsync("setNotifyLevel", new { roomId, level }, "membership { notify }"))
                .GetProperty("membership").GetProperty("notify").GetString().ShouldBe(level);
        }

        (await eve.RefusalAsync("setNotifyLevel", new { roomId, level = "ALL" })).Code.ShouldBe("FORBIDDEN");
        (await eve.RefusalAsync("setNotifyLevel", new { roomId = Guid.NewGuid(), level = "ALL" })).Code
            .ShouldBe("NOT_FOUND");
        (await server.Anonymous().RefusalAsync("setNotifyLevel", new { roomId, level = "ALL" })).Code
            .ShouldBe("UNAUTHENTICATED");
    }

    [Fact]
    public async Task A_repeated_command_gets_its_first_result()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        using var carol = await server.PersonAsync("Carol");
        var roomId = await alice.CreateRoomAsync();
        await bob.JoinAsync(roomId);
        await RepeatAsync("inviteMember", (commandId, userId) => new { commandId, roomId, userId });
        await RepeatAsync(
            "setMemberRole", (commandId, userId) => new { commandId, roomId, userId, role = "MODERATOR" });
        await RepeatAsync("muteMember", (commandId, userId) => new { commandId, roomId, userId, seconds = 60 });
        await RepeatAsync("kickMember", (commandId, userId) => new { commandId, roomId, userId });
        await RepeatAsync("banMember", (commandId, userId) => new { commandId, roomId, userId });
        await RepeatAsync("unbanMember", (commandId, userId) => new { commandId, roomId, userId });

        async Task RepeatAsync(string mutation, Func<Guid, Guid, object> input)
        {
            var commandId = Guid.NewGuid();
            var target = mutation == "inviteMember" ? carol.Id : bob.Id;
            var first = await alice.DoAsync(mutation, input(commandId, target), "position");
            await alice.PostAsync(roomId, "between");
            var events = await server.EventsAsync();
            var again = await alice.DoAsync(mutation, input(commandId, target), "position");
            again.GetProperty("position").GetInt64().ShouldBe(first.GetProperty("position").GetInt64(), mutation);
            (await alice.RefusalAsync(mutation, input(commandId, alice.Id)))
                .ShouldBe(("COMMAND_ID_REUSED", "commandId"), mutation);
            (await server.EventsAsync()).ShouldBe(events, mutation);
        }
    }

    private static async Task<List<string?>> RolesAsync(ChatClient client, Guid id) =>
    [
        .. (await client.DataAsync(Members, new { id })).GetProperty("room").GetProperty("members")
            .GetProperty("nodes").EnumerateArray().Select(member => member.GetProperty("role").GetString()),
    ];
}
