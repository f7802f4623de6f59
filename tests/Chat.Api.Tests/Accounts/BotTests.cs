using System.Text.Json;
using Chat.Api.Accounts;

namespace Chat.Api.Tests.Accounts;

/// <summary>Bots: made by administrators, with a token that lives until they are revoked.</summary>
public sealed class BotTests(AccountServer server) : IClassFixture<AccountServer>
{
    [Fact]
    public async Task A_bot_uses_the_same_API_as_people()
    {
        using var owner = await server.OwnerAsync();
        var room = await owner.CreateRoomAsync();
        using var bot = await BotAsync(owner, "Robby");
        var viewer = (await bot.DataAsync("{ viewer { email role user { id displayName isBot isGuest } } }"))
            .GetProperty("viewer");
        viewer.GetProperty("role").GetString().ShouldBe("MEMBER");
        viewer.GetProperty("email").ValueKind.ShouldBe(JsonValueKind.Null);
        viewer.GetProperty("user").GetProperty("isBot").GetBoolean().ShouldBeTrue();
        viewer.GetProperty("user").GetProperty("isGuest").GetBoolean().ShouldBeFalse();
        viewer.GetProperty("user").GetProperty("displayName").GetString().ShouldBe("Robby");
        await bot.JoinAsync(room);
        await bot.PostAsync(room, "beep");
        await using var socket = await bot.ConnectAsync();
        await socket.SubscribeAsync(room, after: 0);
        (await socket.NextAsync())!.Value.GetProperty("position").GetInt64().ShouldBe(1);

        server.Clock.Advance(Sessions.IdleMax + TimeSpan.FromDays(1));
        (await bot.IsSignedInAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Administrators_make_and_revoke_bots()
    {
        using var owner = await server.OwnerAsync();
        var (bob, _) = await server.PersonAsync("Bob");
        using var guest = await server.Chat.GuestAsync("Gil");
        using var nobody = server.Chat.Anonymous();
        (await bob.RefusalAsync("createBot", new { displayName = "Robby" })).Code.ShouldBe("FORBIDDEN");
        (await guest.RefusalAsync("createBot", new { displayName = "Robby" })).Code.ShouldBe("FORBIDDEN");
        (await nobody.RefusalAsync("createBot", new { displayName = "Robby" })).Code.ShouldBe("UNAUTHENTICATED");
        (await owner.RefusalAsync("createBot", new { displayName = " " })).ShouldBe(("INVALID_INPUT", "displayName"));
        using var bot = await BotAsync(owner, "Robby");
        (await bot.RefusalAsync("createBot", new { displayName = "Robby" })).Code.ShouldBe("FORBIDDEN");
        (await bob.RefusalAsync("revokeBot", new { userId = bot.Id })).Code.ShouldBe("FORBIDDEN");
        (await owner.RefusalAsync("revokeBot", new { userId = bob.Id })).ShouldBe(("NOT_FOUND", "userId"));
        (await owner.RefusalAsync("revokeBot", new { userId = Guid.NewGuid() })).ShouldBe(("NOT_FOUND", "userId"));

        await owner.DoAsync("setServerRole", new { userId = bob.Id, role = "ADMIN" }, "user { id }");
        await using var socket = await bot.ConnectAsync();
        await bob.DoAsync("revokeBot", new { userId = bot.Id, commandId = Guid.NewGuid() }, "user { displayName }");
        (await socket.ReceiveAsync()).ShouldBeNull();
        ((int?)socket.CloseStatus).ShouldBe(4403);
        await Eventually.TrueAsync(async () => !await bot.IsSignedInAsync());
        await bob.DoAsync("revokeBot", new { userId = bot.Id }, "user { displayName }");
        (await owner.RefusalAsync("setServerRole", new { userId = bot.Id, role = "ADMIN" })).Code
            .ShouldBe("SERVER_ROLE_NOT_FOR_GUEST");
    }

    [Fact]
    public async Task A_repeated_command_makes_no_second_bot_and_shows_no_token()
    {
        using var owner = await server.OwnerAsync();
        var commandId = Guid.NewGuid();
        var input = new { commandId, displayName = "Robby" };
        var first = await owner.DoAsync("createBot", input, "token user { id }");
        var before = await server.Chat.EventsAsync();
        var second = await owner.DoAsync("createBot", input, "token user { id }");
        second.GetProperty("user").ToString().ShouldBe(first.GetProperty("user").ToString());
        second.GetProperty("token").ValueKind.ShouldBe(JsonValueKind.Null);
        (await owner.RefusalAsync("createBot", new { commandId, displayName = "Other" })).Code
            .ShouldBe("COMMAND_ID_REUSED");
        (await server.Chat.EventsAsync()).ShouldBe(before);
        using var bot = server.Chat.Anonymous();
        bot.Use(first.GetProperty("token").GetString());
        (await bot.IsSignedInAsync()).ShouldBeTrue();
        (await server.Chat.TablesHoldingAsync(bot.Token!)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_bot_has_no_password_and_no_address()
    {
        using var owner = await server.OwnerAsync();
        using var bot = await BotAsync(owner, "Robby");
        (await bot.CallCodeAsync("changePassword(input: { currentPassword: \"\", newPassword: \"a good password\" })"))
            .ShouldBe("ACCOUNT_NOT_REGISTERED");
        (await bot.RefusalAsync("changeEmail", new { email = AccountServer.NewEmail(), password = "" })).Code
            .ShouldBe("ACCOUNT_NOT_REGISTERED");
        (await bot.RefusalAsync("upgradeGuest", new { email = AccountServer.NewEmail(), password = "a good password" }))
            .Code.ShouldBe("ACCOUNT_NOT_GUEST");
        (await bot.CallCodeAsync("eraseAccount(input: { password: \"\" })")).ShouldBe("WRONG_PASSWORD");
    }

    private async Task<ChatClient> BotAsync(ChatClient owner, string name)
    {
        var payload = await owner.DoAsync("createBot", new { displayName = name }, "token user { id }");
        var bot = server.Chat.Anonymous();
        bot.Use(
            payload.GetProperty("token").GetString(), id: payload.GetProperty("user").GetProperty("id").GetGuid());
        return bot;
    }
}
