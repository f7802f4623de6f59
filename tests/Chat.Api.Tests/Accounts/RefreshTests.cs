using Chat.Api.Accounts;

namespace Chat.Api.Tests.Accounts;

/// <summary>Refresh tokens: used once, and what happens when one comes twice.</summary>
public sealed class RefreshTests(AccountServer server) : IClassFixture<AccountServer>
{
    private static readonly TimeSpan AfterRetry = SessionRows.RefreshRetry + TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_session_goes_on_with_new_tokens()
    {
        var (alice, _) = await server.PersonAsync();
        var before = await SessionsAsync(alice);
        var first = alice.RefreshToken!;
        for (var i = 0; i < 3; i++)
        {
            server.Clock.Advance(AccessTokens.Lifetime + TimeSpan.FromSeconds(1));
            (await alice.IsSignedInAsync()).ShouldBeFalse();
            (await RefreshAsync(alice, alice.RefreshToken!)).ShouldBeTrue();
            (await alice.IsSignedInAsync()).ShouldBeTrue();
        }

        alice.RefreshToken.ShouldNotBe(first);
        (await SessionsAsync(alice)).ShouldBe(before);
    }

    [Fact]
    public async Task A_token_that_comes_again_ends_the_session_for_everybody()
    {
        var (alice, email) = await server.PersonAsync();
        using var other = await server.SignedInAsync(email);
        await using var socket = await alice.ConnectAsync();
        var stolen = alice.RefreshToken!;
        (await RefreshAsync(alice, stolen)).ShouldBeTrue();
        server.Clock.Advance(AfterRetry);
        using var thief = server.Chat.Anonymous();
        (await RefreshAsync(thief, stolen)).ShouldBeFalse();
        (await alice.IsSignedInAsync()).ShouldBeFalse();
        (await RefreshAsync(alice, alice.RefreshToken!)).ShouldBeFalse();
        (await socket.ReceiveAsync()).ShouldBeNull();
        (await other.IsSignedInAsync()).ShouldBeTrue("it is another session");
    }

    [Fact]
    public async Task A_client_that_did_not_get_the_answer_gets_it_again()
    {
        var (alice, _) = await server.PersonAsync();
        var used = alice.RefreshToken!;
        (await RefreshAsync(alice, used)).ShouldBeTrue();
        var next = alice.RefreshToken!;
        server.Clock.Advance(SessionRows.RefreshRetry - TimeSpan.FromSeconds(10));
        (await RefreshAsync(alice, used)).ShouldBeTrue();
        alice.RefreshToken.ShouldBe(next);

        // Who has used the next one has got the answer: the old one is somebody else's now.
        (await RefreshAsync(alice, next)).ShouldBeTrue();
        using var thief = server.Chat.Anonymous();
        (await RefreshAsync(thief, used)).ShouldBeFalse();
        (await alice.IsSignedInAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task A_thief_who_is_quick_is_found_out_at_the_next_refresh()
    {
        var (alice, _) = await server.PersonAsync();
        var stolen = alice.RefreshToken!;
        using var thief = server.Chat.Anonymous();
        (await RefreshAsync(thief, stolen)).ShouldBeTrue();
        (await RefreshAsync(alice, stolen)).ShouldBeTrue();
        server.Clock.Advance(AccessTokens.Lifetime);
        (await RefreshAsync(thief, thief.RefreshToken!)).ShouldBeTrue();
        server.Clock.Advance(AccessTokens.Lifetime);
        (await RefreshAsync(alice, alice.RefreshToken!)).ShouldBeFalse();
        (await thief.IsSignedInAsync()).ShouldBeFalse();
        (await RefreshAsync(thief, thief.RefreshToken!)).ShouldBeFalse();
    }

    [Fact]
    public async Task Many_refreshes_at_once_are_one()
    {
        var (alice, _) = await server.PersonAsync();
        var used = alice.RefreshToken!;
        var clients = Enumerable.Range(0, 8).Select(_ => server.Chat.Anonymous()).ToList();
        (await Task.WhenAll(clients.Select(client => RefreshAsync(client, used)))).ShouldAllBe(done => done);
        clients.Select(client => client.RefreshToken).Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
        (await RefreshAsync(alice, clients[0].RefreshToken!)).ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_no_refresh_token_ends_nothing()
    {
        var (alice, _) = await server.PersonAsync();
        var good = alice.RefreshToken!;
        var changed = good.Replace(good[^3], good[^3] == 'A' ? 'B' : 'A');
        string[] wrong = ["", "x", alice.Token!, good + "A", good[..^1], changed, "ü" + good[1..]];
        foreach (var token in wrong)
        {
            using var nobody = server.Chat.Anonymous();
            (await RefreshAsync(nobody, token)).ShouldBeFalse(token);
        }

        (await alice.IsSignedInAsync()).ShouldBeTrue();
        (await RefreshAsync(alice, good)).ShouldBeTrue();
    }

    [Fact]
    public async Task Nothing_is_refreshed_that_is_over()
    {
        var (alice, email) = await server.PersonAsync();
        (await alice.CallCodeAsync("signOut")).ShouldBeNull();
        (await RefreshAsync(alice, alice.RefreshToken!)).ShouldBeFalse();

        using var idle = await server.SignedInAsync(email);
        server.Clock.Advance(Sessions.IdleMax + TimeSpan.FromMinutes(1));
        (await RefreshAsync(idle, idle.RefreshToken!)).ShouldBeFalse();
    }

    private static async Task<bool> RefreshAsync(ChatClient client, string refreshToken)
    {
        var payload = await client.CallAsync(
            $"refreshSession(refreshToken: \"{refreshToken}\")", "accessToken refreshToken viewer { user { id } }");
        if (payload.GetProperty("errors").GetArrayLength() > 0)
        {
            payload.GetProperty("errors")[0].GetProperty("code").GetString().ShouldBe("UNAUTHENTICATED");
            return false;
        }

        client.Use(payload.GetProperty("accessToken").GetString(), payload.GetProperty("refreshToken").GetString());
        return true;
    }

    private static async Task<string> SessionsAsync(ChatClient client) =>
        (await client.DataAsync("{ viewer { sessions { id createdAt current } } }")).ToString();
}
