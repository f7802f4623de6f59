namespace Chat.Api.Tests.Accounts;

/// <summary>Names and roles of people.</summary>
public sealed class ProfileTests(AccountServer server) : IClassFixture<AccountServer>
{
    [Fact]
    public async Task People_change_their_name()
    {
        var (alice, _) = await server.PersonAsync();
        var payload = await alice.DoAsync(
            "updateProfile", new { displayName = " Alicia " }, "user { id displayName isGuest isBot erasedAt }");
        payload.GetProperty("user").GetProperty("displayName").GetString().ShouldBe("Alicia");
        payload.GetProperty("user").GetProperty("id").GetGuid().ShouldBe(alice.Id);
        (await alice.DataAsync("{ viewer { user { displayName } } }")).GetProperty("viewer").GetProperty("user")
            .GetProperty("displayName").GetString().ShouldBe("Alicia");

        using var guest = await server.Chat.GuestAsync("Gil");
        (await guest.DoAsync("updateProfile", new { displayName = "Gilda" }, "user { displayName isGuest }"))
            .GetProperty("user").GetProperty("displayName").GetString().ShouldBe("Gilda");
    }

    [Fact]
    public async Task A_repeated_command_changes_nothing_and_another_one_is_refused()
    {
        var (alice, _) = await server.PersonAsync();
        var commandId = Guid.NewGuid();
        await alice.DoAsync("updateProfile", new { commandId, displayName = "One" }, "user { displayName }");
        await alice.DoAsync("updateProfile", new { displayName = "Two" }, "user { displayName }");
        var before = await server.Chat.EventsAsync();
        (await alice.DoAsync("updateProfile", new { commandId, displayName = "One" }, "user { displayName }"))
            .GetProperty("user").GetProperty("displayName").GetString().ShouldBe("Two");
        (await alice.RefusalAsync("updateProfile", new { commandId, displayName = "Three" }))
            .ShouldBe(("COMMAND_ID_REUSED", "commandId"));
        (await alice.RefusalAsync("createRoom", new { commandId, name = "Tea" })).Code.ShouldBe("COMMAND_ID_REUSED");
        await alice.DoAsync("updateProfile", new { displayName = "Two" }, "user { displayName }");
        await alice.DoAsync("updateProfile", new { }, "user { displayName }");
        (await server.Chat.EventsAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("a\u202Eb")]
    [InlineData("012345678901234567890123456789012345678901234567890")]
    public async Task A_name_must_be_one(string displayName)
    {
        var (alice, _) = await server.PersonAsync();
        (await alice.RefusalAsync("updateProfile", new { displayName })).ShouldBe(("INVALID_INPUT", "displayName"));
    }

    [Fact]
    public async Task The_owner_appoints_and_takes_and_administrators_appoint_administrators()
    {
        using var owner = await server.OwnerAsync();
        var (admin, _) = await server.PersonAsync("Ada");
        var (auditor, _) = await server.PersonAsync("Aud");
        var (bob, _) = await server.PersonAsync("Bob");
        (await SetAsync(bob, admin.Id, "ADMIN")).ShouldBe("FORBIDDEN");
        (await SetAsync(owner, admin.Id, "ADMIN")).ShouldBeNull();
        (await SetAsync(owner, auditor.Id, "AUDITOR")).ShouldBeNull();
        (await RoleAsync(admin)).ShouldBe("ADMIN");
        (await RoleAsync(auditor)).ShouldBe("AUDITOR");

        (await SetAsync(auditor, bob.Id, "ADMIN")).ShouldBe("FORBIDDEN");
        (await SetAsync(admin, bob.Id, "AUDITOR")).ShouldBe("FORBIDDEN");
        (await SetAsync(admin, auditor.Id, "MEMBER")).ShouldBe("FORBIDDEN");
        (await SetAsync(admin, bob.Id, "ADMIN")).ShouldBeNull();
        (await SetAsync(bob, bob.Id, "OWNER")).ShouldBe("SERVER_OWNER_STAYS");
        (await SetAsync(owner, bob.Id, "MEMBER")).ShouldBeNull();
        (await SetAsync(bob, admin.Id, "ADMIN")).ShouldBe("FORBIDDEN", "a role that was just taken allows nothing");
        (await RoleAsync(bob)).ShouldBe("MEMBER");
    }

    [Fact]
    public async Task Some_roles_cannot_be_given()
    {
        using var owner = await server.OwnerAsync();
        var (bob, _) = await server.PersonAsync("Bob");
        using var guest = await server.Chat.GuestAsync("Gil");
        (await owner.RefusalAsync("setServerRole", new { userId = owner.Id, role = "ADMIN" }))
            .ShouldBe(("SERVER_OWNER_STAYS", "role"));
        (await owner.RefusalAsync("setServerRole", new { userId = bob.Id, role = "GUEST" }))
            .ShouldBe(("INVALID_INPUT", "role"));
        (await owner.RefusalAsync("setServerRole", new { userId = guest.Id, role = "ADMIN" }))
            .ShouldBe(("SERVER_ROLE_NOT_FOR_GUEST", "userId"));
        (await owner.RefusalAsync("setServerRole", new { userId = Guid.NewGuid(), role = "ADMIN" }))
            .ShouldBe(("NOT_FOUND", "userId"));
        var room = await owner.CreateRoomAsync();
        (await owner.RefusalAsync("setServerRole", new { userId = room, role = "ADMIN" }))
            .ShouldBe(("NOT_FOUND", "userId"));
        (await guest.RefusalAsync("setServerRole", new { userId = room, role = "ADMIN" })).Code.ShouldBe("FORBIDDEN");

        var commandId = Guid.NewGuid();
        await owner.DoAsync("setServerRole", new { commandId, userId = bob.Id, role = "ADMIN" }, "user { id }");
        await owner.DoAsync("setServerRole", new { userId = bob.Id, role = "MEMBER" }, "user { id }");
        await owner.DoAsync("setServerRole", new { commandId, userId = bob.Id, role = "ADMIN" }, "user { id }");
        (await RoleAsync(bob)).ShouldBe("MEMBER");
        (await owner.RefusalAsync("setServerRole", new { commandId, userId = bob.Id, role = "AUDITOR" })).Code
            .ShouldBe("COMMAND_ID_REUSED");
    }

    private static async Task<string?> SetAsync(ChatClient by, Guid userId, string role) =>
        await by.CallCodeAsync($"setServerRole(input: {{ userId: \"{userId}\", role: {role} }})");

    private static async Task<string?> RoleAsync(ChatClient client) =>
        (await client.DataAsync("{ viewer { role } }")).GetProperty("viewer").GetProperty("role").GetString();
}
