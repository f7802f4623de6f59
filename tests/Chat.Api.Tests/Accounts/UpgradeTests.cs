using System.Text.Json;
using Chat.Api.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Api.Tests.Accounts;

/// <summary>Guests who stay, and registrations that are sent twice.</summary>
public sealed class UpgradeTests(AccountServer server) : IClassFixture<AccountServer>
{
    private const string Selection =
        "accessToken refreshToken viewer { email role user { id displayName isGuest } }";

    [Fact]
    public async Task A_guest_becomes_a_person_and_keeps_id_and_history()
    {
        using var guest = await server.Chat.GuestAsync("Gil");
        var (alice, _) = await server.PersonAsync();
        var room = await alice.CreateRoomAsync();
        await guest.JoinAsync(room);
        await guest.PostAsync(room, "as a guest");
        await using var socket = await guest.ConnectAsync();
        var email = AccountServer.NewEmail();
        var payload = await guest.DoAsync("upgradeGuest", new { email, password = ChatClient.Password }, Selection);
        var viewer = payload.GetProperty("viewer");
        viewer.GetProperty("email").GetString().ShouldBe(email);
        viewer.GetProperty("role").GetString().ShouldBe("MEMBER");
        viewer.GetProperty("user").GetProperty("id").GetGuid().ShouldBe(guest.Id);
        viewer.GetProperty("user").GetProperty("displayName").GetString().ShouldBe("Gil");
        viewer.GetProperty("user").GetProperty("isGuest").GetBoolean().ShouldBeFalse();
        await server.Mail.VerificationAsync(email);

        // The session goes on: its socket, its old access token, and the new tokens.
        await socket.SubscribeAsync(room, after: 0);
        (await socket.NextAsync())!.Value.GetProperty("position").GetInt64().ShouldBe(1);
        (await guest.IsSignedInAsync()).ShouldBeTrue();
        guest.Use(payload.GetProperty("accessToken").GetString(), payload.GetProperty("refreshToken").GetString());
        (await guest.IsSignedInAsync()).ShouldBeTrue();
        var refreshed = await guest.CallAsync($"refreshSession(refreshToken: \"{guest.RefreshToken}\")", "accessToken");
        refreshed.GetProperty("accessToken").ValueKind.ShouldBe(JsonValueKind.String);

        using var again = await server.SignedInAsync(email);
        again.Id.ShouldBe(guest.Id);
        (await again.DoAsync("createRoom", new { name = "Mine" }, "room { id }")).GetProperty("room").ValueKind
            .ShouldBe(JsonValueKind.Object);
    }

    [Fact]
    public async Task All_other_sessions_end()
    {
        using var guest = await server.Chat.GuestAsync("Gil");
        var sessions = server.Chat.Services.GetRequiredService<SessionRows>();
        var entry = (await sessions.BeginApiClientAsync(
            new SessionStart(guest.Id, "agent"), TestContext.Current.CancellationToken))!.Value;
        using var other = server.Chat.Anonymous();
        other.Use(entry.AccessToken, entry.RefreshToken);
        (await other.IsSignedInAsync()).ShouldBeTrue();
        await guest.DoAsync(
            "upgradeGuest",
            new { email = AccountServer.NewEmail(), password = ChatClient.Password, displayName = "Gilda" }, Selection);
        await Eventually.TrueAsync(async () => !await other.IsSignedInAsync());
        (await guest.IsSignedInAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task An_upgrade_is_refused_where_a_registration_would_be()
    {
        using var guest = await server.Chat.GuestAsync("Gil");
        var (alice, taken) = await server.PersonAsync();
        var before = await server.Chat.EventsAsync();
        var email = AccountServer.NewEmail();
        const string Password = ChatClient.Password;
        (await guest.RefusalAsync("upgradeGuest", new { email = "x", password = Password }))
            .ShouldBe(("INVALID_INPUT", "email"));
        (await guest.RefusalAsync("upgradeGuest", new { email, password = "short" }))
            .ShouldBe(("INVALID_INPUT", "password"));
        (await guest.RefusalAsync("upgradeGuest", new { email, password = Password, displayName = "" }))
            .ShouldBe(("INVALID_INPUT", "displayName"));
        (await guest.RefusalAsync("upgradeGuest", new { email = taken, password = Password }))
            .ShouldBe(("EMAIL_TAKEN", "email"));
        (await alice.RefusalAsync("upgradeGuest", new { email, password = Password })).Code
            .ShouldBe("ACCOUNT_NOT_GUEST");
        using var nobody = server.Chat.Anonymous();
        (await nobody.RefusalAsync("upgradeGuest", new { email, password = Password })).Code
            .ShouldBe("UNAUTHENTICATED");
        (await server.Chat.EventsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_registration_whose_answer_was_lost_is_sent_again()
    {
        var email = AccountServer.NewEmail();
        using var alice = server.Chat.Anonymous();
        await alice.RegisterAsync(email, "Alice");
        var before = await server.Chat.EventsAsync();
        using var again = server.Chat.Anonymous();
        await again.RegisterAsync(email, "Alice");
        again.Id.ShouldBe(alice.Id);
        var other = new { email, password = "another password", displayName = "Alice" };
        (await server.Chat.Anonymous().RefusalAsync("register", other)).ShouldBe(("EMAIL_TAKEN", "email"));
        server.Clock.Advance(Registration.RetryMax + TimeSpan.FromSeconds(1));
        var same = new { email, password = ChatClient.Password, displayName = "Alice" };
        (await server.Chat.Anonymous().RefusalAsync("register", same)).ShouldBe(("EMAIL_TAKEN", "email"));
        (await server.Chat.EventsAsync()).ShouldBe(before);
    }
}
