using System.Text.Json;
using Chat.Api.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Api.Tests.Accounts;

/// <summary>The list of one's sessions, and how they end.</summary>
public sealed class SessionListTests(AccountServer server) : IClassFixture<AccountServer>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task People_see_where_they_are_signed_in()
    {
        var (alice, email) = await server.PersonAsync();
        using var phone = server.Chat.Anonymous();
        phone.Http.DefaultRequestHeaders.UserAgent.ParseAdd("Phone/1.0");
        await phone.SignInAsync(email);
        var began = server.Clock.GetUtcNow();
        server.Clock.Advance(TimeSpan.FromMinutes(5));

        var sessions = await SessionsAsync(phone);
        sessions.Count.ShouldBe(2);
        var current = sessions.Single(session => session.GetProperty("current").GetBoolean());
        current.GetProperty("userAgent").GetString().ShouldBe("Phone/1.0");
        var other = sessions.Single(session => !session.GetProperty("current").GetBoolean());
        other.GetProperty("userAgent").ValueKind.ShouldBe(JsonValueKind.Null);
        other.GetProperty("createdAt").GetDateTimeOffset().ShouldBe(began, TimeSpan.FromMinutes(1));
        other.GetProperty("lastSeenAt").GetDateTimeOffset().ShouldBe(began, TimeSpan.FromMinutes(1));
        current.GetProperty("lastSeenAt").GetDateTimeOffset()
            .ShouldBe(began + TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(1));

        var (stranger, _) = await server.PersonAsync("Bob");
        (await SessionsAsync(stranger)).Count.ShouldBe(1);
        (await SessionsAsync(alice)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_session_can_be_ended_from_another_one()
    {
        var (alice, email) = await server.PersonAsync();
        using var phone = await server.SignedInAsync(email);
        await using var socket = await phone.ConnectAsync();
        (await alice.CallCodeAsync($"revokeSession(id: \"{await IdAsync(phone)}\")")).ShouldBeNull();
        (await socket.ReceiveAsync()).ShouldBeNull();
        ((int?)socket.CloseStatus).ShouldBe(4403);
        (await phone.IsSignedInAsync()).ShouldBeFalse();
        (await SessionsAsync(alice)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Ending_a_session_twice_is_fine_and_somebody_elses_is_none()
    {
        var (alice, email) = await server.PersonAsync();
        using var phone = await server.SignedInAsync(email);
        var id = await IdAsync(phone);
        (await alice.CallCodeAsync($"revokeSession(id: \"{id}\")")).ShouldBeNull();
        (await alice.CallCodeAsync($"revokeSession(id: \"{id}\")")).ShouldBeNull();
        (await alice.CallCodeAsync($"revokeSession(id: \"{Guid.NewGuid()}\")")).ShouldBe("NOT_FOUND");
        var (bob, _) = await server.PersonAsync("Bob");
        (await alice.CallCodeAsync($"revokeSession(id: \"{await IdAsync(bob)}\")")).ShouldBe("NOT_FOUND");
        (await bob.IsSignedInAsync()).ShouldBeTrue();
        using var nobody = server.Chat.Anonymous();
        (await nobody.CallCodeAsync($"revokeSession(id: \"{id}\")")).ShouldBe("UNAUTHENTICATED");
        (await alice.CallCodeAsync($"revokeSession(id: \"{await IdAsync(alice)}\")")).ShouldBeNull();
        (await alice.IsSignedInAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task A_session_that_nobody_uses_is_over_and_one_with_a_socket_is_not()
    {
        var (idle, email) = await server.PersonAsync();
        var phone = await server.SignedInAsync(email);
        var (idleId, phoneId) = (await IdAsync(idle), await IdAsync(phone));
        await using var socket = await phone.ConnectAsync();
        server.Clock.Advance(Sessions.IdleMax - TimeSpan.FromDays(1));
        await Eventually.TrueAsync(async () => await server.Chat.CountAsync(
            $"""
             select count(*) from chat_auth.sessions
             where id = '{phoneId}' and last_seen_at > '{server.Clock.GetUtcNow().AddMinutes(-2):O}'
             """) == 1);
        server.Clock.Advance(TimeSpan.FromDays(2));
        await server.Chat.Services.GetRequiredService<AccountCleanup>().RunAsync(Ct);
        (await CountAsync(idleId)).ShouldBe(0);
        (await CountAsync(phoneId)).ShouldBe(1);
        using var again = await server.SignedInAsync(email);
        (await SessionsAsync(again)).Select(session => session.GetProperty("id").GetGuid()).ShouldNotContain(idleId);
    }

    [Fact]
    public async Task Ended_sessions_are_deleted_after_a_while()
    {
        var (alice, _) = await server.PersonAsync();
        var id = await IdAsync(alice);
        await alice.CallAsync("signOut");
        var cleanup = server.Chat.Services.GetRequiredService<AccountCleanup>();
        await cleanup.RunAsync(Ct);
        (await CountAsync(id)).ShouldBe(1);
        server.Clock.Advance(AccountCleanup.EndedKept + TimeSpan.FromMinutes(1));
        await cleanup.RunAsync(Ct);
        (await CountAsync(id)).ShouldBe(0);
    }

    [Fact]
    public async Task One_session_too_many_ends_the_one_that_was_not_used_for_longest()
    {
        var (alice, _) = await server.PersonAsync();
        server.Clock.Advance(TimeSpan.FromMinutes(2));
        var begin = server.Chat.Services.GetRequiredService<SessionRows>();
        SessionTokens? last = null;
        for (var i = 0; i < SessionRows.PerAccountMax - 1; i++)
            last = await begin.BeginApiClientAsync(new SessionStart(alice.Id, "agent"), Ct);
        using var phone = server.Chat.Anonymous();
        phone.Use(last!.Value.AccessToken);
        (await SessionsAsync(phone)).Count.ShouldBe(SessionRows.PerAccountMax);
        alice.Use(alice.Token);
        await begin.BeginApiClientAsync(new SessionStart(alice.Id, "agent"), Ct);
        (await SessionsAsync(phone)).Count.ShouldBe(SessionRows.PerAccountMax);
        await Eventually.TrueAsync(async () => !await alice.IsSignedInAsync());
    }

    [Theory]
    [InlineData("register(input: { email: \"x@example.org\", password: \"correct horse\", displayName: \"X\" })")]
    [InlineData("signIn(input: { email: \"owner@example.org\", password: \"correct horse battery\" })")]
    [InlineData("enterAsGuest(input: { displayName: \"X\" })")]
    [InlineData("upgradeGuest(input: { email: \"x@example.org\", password: \"correct horse\" })")]
    [InlineData("refreshSession(refreshToken: \"x\")")]
    [InlineData("signOut")]
    [InlineData("revokeSession(id: \"00000000-0000-4000-8000-000000000001\")")]
    public async Task Sessions_do_not_begin_or_end_over_sockets(string call)
    {
        using var alice = await server.Chat.GuestAsync("Alice");
        await using var socket = await alice.ConnectAsync();
        var query = $"mutation {{ payload: {call} {{ errors {{ code }} }} }}";
        await socket.SendAsync(new { id = "1", type = "subscribe", payload = new { query } });
        var next = (await socket.ReceiveAsync())!.Value;
        next.GetProperty("payload").GetProperty("data").GetProperty("payload")
            .GetProperty("errors")[0].GetProperty("code").GetString().ShouldBe("SESSION_OVER_SOCKET");
        (await alice.IsSignedInAsync()).ShouldBeTrue();
    }

    private Task<long> CountAsync(Guid sessionId) =>
        server.Chat.CountAsync($"select count(*) from chat_auth.sessions where id = '{sessionId}'");

    private static async Task<Guid> IdAsync(ChatClient client) => (await SessionsAsync(client))
        .Single(session => session.GetProperty("current").GetBoolean()).GetProperty("id").GetGuid();

    private static async Task<List<JsonElement>> SessionsAsync(ChatClient client)
    {
        var data = await client.DataAsync("{ viewer { sessions { id createdAt lastSeenAt userAgent current } } }");
        return [.. data.GetProperty("viewer").GetProperty("sessions").EnumerateArray()];
    }
}
