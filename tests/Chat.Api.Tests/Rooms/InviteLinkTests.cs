using System.Text.Json;

namespace Chat.Api.Tests.Rooms;

public sealed class InviteLinkTests(ChatServer server) : IClassFixture<ChatServer>
{
    private const string Accept =
        """
        mutation($code: String!, $commandId: UUID) { acceptInviteLink(code: $code, commandId: $commandId) {
          position room { id memberCount } errors { code field message }
        } }
        """;

    [Fact]
    public async Task Whoever_has_the_code_comes_in()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.GuestAsync("Bob");
        var roomId = await alice.CreateRoomAsync("Secret", "PRIVATE");
        var link = await alice.DoAsync("createInviteLink", new { roomId }, "code url");
        var code = link.GetProperty("code").GetString()!;
        code.Length.ShouldBe(22);
        link.GetProperty("url").GetString().ShouldEndWith($"/invite/{code}");
        var accepted = await AcceptAsync(bob, code);
        accepted.GetProperty("room").GetProperty("id").GetGuid().ShouldBe(roomId);
        accepted.GetProperty("room").GetProperty("memberCount").GetInt32().ShouldBe(2);
        accepted.GetProperty("position").GetInt64().ShouldBe(2);
        // Members come in by no link, and no event says who made which.
        (await AcceptAsync(bob, code)).GetProperty("position").GetInt64().ShouldBe(2);
        (await server.CountAsync(
            $"select count(*) from mt_events where data::text like '%{code}%' or headers::text like '%{code}%'"))
            .ShouldBe(0);
    }

    [Fact]
    public async Task A_link_ends_by_its_uses_its_time_and_its_revocation()
    {
        using var alice = await server.PersonAsync("Alice");
        var roomId = await alice.CreateRoomAsync("Secret", "PRIVATE");
        var people = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => server.GuestAsync($"Guest {i}")));
        var twice = await CreateAsync(alice, new { roomId, maxUses = 2 });
        var outcomes = await Task.WhenAll(people.Select(person => TryAcceptAsync(person, twice)));
        outcomes.Count(code => code is null).ShouldBe(2);
        outcomes.Where(code => code is not null).ShouldAllBe(code => code == "INVITE_LINK_INVALID");

        using var eve = await server.PersonAsync("Eve");
        var open = await CreateAsync(alice, new { roomId, expiresAt = DateTimeOffset.UtcNow.AddDays(1) });
        (await eve.RefusalAsync("revokeInviteLink", new { roomId, code = open }, "ok")).Code.ShouldBe("NOT_FOUND");
        (await alice.DoAsync("revokeInviteLink", new { roomId, code = open }, "ok")).GetProperty("ok").GetBoolean()
            .ShouldBeTrue();
        await alice.DoAsync("revokeInviteLink", new { roomId, code = open }, "ok");
        (await TryAcceptAsync(eve, open)).ShouldBe("INVITE_LINK_INVALID");
        (await TryAcceptAsync(eve, "rubbish")).ShouldBe("INVITE_LINK_INVALID");
        (await alice.RefusalAsync("revokeInviteLink", new { roomId, code = "rubbish" }, "ok"))
            .ShouldBe(("INVITE_LINK_INVALID", "code"));
    }

    [Fact]
    public async Task A_link_holds_as_long_as_its_maker_may_invite()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        using var carol = await server.PersonAsync("Carol");
        var roomId = await alice.CreateRoomAsync();
        (await bob.RefusalAsync("createInviteLink", new { roomId }, "code")).Code.ShouldBe("FORBIDDEN");
        await bob.JoinAsync(roomId);
        var code = await CreateAsync(bob, new { roomId });
        await alice.DoAsync("kickMember", new { roomId, userId = bob.Id }, "position");
        (await TryAcceptAsync(carol, code)).ShouldBe("INVITE_LINK_INVALID");
        await bob.JoinAsync(roomId);
        await alice.DoAsync("banMember", new { roomId, userId = carol.Id }, "position");
        (await TryAcceptAsync(carol, code)).ShouldBe("ROOM_BANNED");
        await alice.DoAsync("updateRoom", new { roomId, settings = new { membersCanInvite = false } }, "position");
        (await bob.RefusalAsync("createInviteLink", new { roomId }, "code")).Code
            .ShouldBe("ROOM_MEMBERS_CANNOT_INVITE");
    }

    [Fact]
    public async Task Bad_input_is_refused_and_open_links_are_bounded()
    {
        using var alice = await server.PersonAsync("Alice");
        var roomId = await alice.CreateRoomAsync();
        (await alice.RefusalAsync("createInviteLink", new { roomId, maxUses = 0 }, "code"))
            .ShouldBe(("INVALID_INPUT", "maxUses"));
        var past = DateTimeOffset.UtcNow.AddDays(-1);
        (await alice.RefusalAsync("createInviteLink", new { roomId, expiresAt = past }, "code"))
            .ShouldBe(("INVALID_INPUT", "expiresAt"));
        (await alice.RefusalAsync("createInviteLink", new { roomId = Guid.NewGuid() }, "code")).Code
            .ShouldBe("NOT_FOUND");
        foreach (var _ in Enumerable.Range(0, 100))
            await CreateAsync(alice, new { roomId });
        (await alice.RefusalAsync("createInviteLink", new { roomId }, "code")).Code.ShouldBe("INVITE_LINKS_FULL");
    }

    [Fact]
    public async Task A_repeated_command_gets_its_first_result()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var roomId = await alice.CreateRoomAsync();
        var commandId = Guid.NewGuid();
        var code = await CreateAsync(alice, new { commandId, roomId });
        (await CreateAsync(alice, new { commandId, roomId })).ShouldBe(code);
        (await alice.RefusalAsync("createInviteLink", new { commandId, roomId, maxUses = 5 }, "code"))
            .ShouldBe(("COMMAND_ID_REUSED", "commandId"));

        var first = await AcceptAsync(bob, code, commandId);
        await bob.LeaveAsync(roomId);
        var events = await server.EventsAsync();
        (await AcceptAsync(bob, code, commandId)).GetProperty("position").GetInt64()
            .ShouldBe(first.GetProperty("position").GetInt64());
        (await TryAcceptAsync(bob, "rubbish", commandId)).ShouldBe("COMMAND_ID_REUSED");

        var revocation = Guid.NewGuid();
        await alice.DoAsync("revokeInviteLink", new { commandId = revocation, roomId, code }, "ok");
        await alice.DoAsync("revokeInviteLink", new { commandId = revocation, roomId, code }, "ok");
        (await alice.RefusalAsync("revokeInviteLink", new { commandId = revocation, roomId, code = "rubbish" }, "ok"))
            .ShouldBe(("COMMAND_ID_REUSED", "commandId"));
        (await server.EventsAsync()).ShouldBe(events + 1);
    }

    private static async Task<string> CreateAsync(ChatClient client, object input) =>
        (await client.DoAsync("createInviteLink", input, "code")).GetProperty("code").GetString()!;

    private static async Task<JsonElement> AcceptAsync(ChatClient client, string code, Guid? commandId = null)
    {
        var payload = (await client.DataAsync(Accept, new { code, commandId })).GetProperty("acceptInviteLink");
        payload.GetProperty("errors").GetArrayLength().ShouldBe(0, payload.ToString());
        return payload;
    }

    private static async Task<string?> TryAcceptAsync(ChatClient client, string code, Guid? commandId = null)
    {
        var errors = (await client.DataAsync(Accept, new { code, commandId })).GetProperty("acceptInviteLink")
            .GetProperty("errors");
        return errors.GetArrayLength() == 0 ? null : errors[0].GetProperty("code").GetString();
    }
}
