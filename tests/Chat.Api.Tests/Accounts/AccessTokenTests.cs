using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Chat.Api.Accounts;
using Chat.Api.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace Chat.Api.Tests.Accounts;

/// <summary>Access tokens: what they say, who accepts them, and which are refused.</summary>
public sealed class AccessTokenTests(AccountServer server) : IClassFixture<AccountServer>
{
    [Fact]
    public async Task A_token_names_account_and_session_for_ten_minutes()
    {
        var (alice, _) = await server.PersonAsync();
        var (header, payload) = Parts(alice.Token!);
        header.GetProperty("alg").GetString().ShouldBe("ES256");
        header.GetProperty("typ").GetString().ShouldBe("at+jwt");
        payload.GetProperty("iss").GetString().ShouldBe("https://chat.example.org");
        payload.GetProperty("aud").GetString().ShouldBe("chat");
        payload.GetProperty("sub").GetGuid().ShouldBe(alice.Id);
        payload.GetProperty("sid").GetGuid().ShouldBe(await CurrentSessionAsync(alice));
        (payload.GetProperty("exp").GetInt64() - payload.GetProperty("iat").GetInt64()).ShouldBe(600);
        payload.GetProperty("nbf").GetInt64().ShouldBe(payload.GetProperty("iat").GetInt64());
    }

    [Fact]
    public async Task Anybody_can_check_a_token_with_the_published_keys()
    {
        var (alice, _) = await server.PersonAsync();
        var set = JsonDocument.Parse(await alice.Http.GetStringAsync("/.well-known/jwks.json")).RootElement;
        set.ToString().ShouldNotContain("\"d\"");
        var key = set.GetProperty("keys").EnumerateArray()
            .Single(key => key.GetProperty("kid").GetString() == KeyIdOf(alice));
        using var ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint
            {
                X = Base64UrlEncoder.DecodeBytes(key.GetProperty("x").GetString()),
                Y = Base64UrlEncoder.DecodeBytes(key.GetProperty("y").GetString()),
            },
        });
        var dot = alice.Token!.LastIndexOf('.');
        ecdsa.VerifyData(
            Encoding.ASCII.GetBytes(alice.Token[..dot]), Base64UrlEncoder.DecodeBytes(alice.Token[(dot + 1)..]),
            HashAlgorithmName.SHA256).ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_not_signed_by_us_is_refused()
    {
        var (alice, _) = await server.PersonAsync();
        var key = await KeyAsync();
        var publicKey = key.Key.ECDsa.ExportSubjectPublicKeyInfo();
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var claims = Claims(alice.Id, await CurrentSessionAsync(alice));
        var header = Header(key);
        var dot = alice.Token!.LastIndexOf('.');
        string[] forged =
        [
            Unsigned(header with { Alg = "none" }, claims) + ".",
            Unsigned(header with { Alg = "none" }, claims) + alice.Token[dot..],
            Signed(header with { Alg = "HS256" }, claims, bytes => HMACSHA256.HashData(publicKey, bytes)),
            Signed(header, claims, bytes => foreign.SignData(bytes, HashAlgorithmName.SHA256)),
            Signed(header with { Kid = Guid.NewGuid().ToString() }, claims, bytes => Sign(key, bytes)),
            Signed(header with { Kid = null }, claims, bytes => Sign(key, bytes)),
            Unsigned(header, claims) + alice.Token[dot..],
            alice.Token[..^2] + (alice.Token[^2] == 'A' ? "BA" : "AA"),
            alice.Token + "." + alice.Token,
            "a.b.c",
            "..",
            new string('x', 5000),
        ];
        foreach (var token in forged)
        {
            using var thief = server.Chat.Anonymous();
            thief.Use(token);
            (await thief.IsSignedInAsync()).ShouldBeFalse(token);
        }
    }

    [Fact]
    public async Task Every_claim_is_checked()
    {
        var (alice, _) = await server.PersonAsync();
        var (bob, _) = await server.PersonAsync("Bob");
        var key = await KeyAsync();
        var good = Claims(alice.Id, await CurrentSessionAsync(alice));
        var now = server.Clock.GetUtcNow().ToUnixTimeSeconds();
        Dictionary<string, object?> With(string name, object? value) => new(good) { [name] = value };
        (await IsAcceptedAsync(Header(key), good)).ShouldBeTrue("the others differ from it in one thing each");
        (await IsAcceptedAsync(Header(key) with { Typ = "JWT" }, good)).ShouldBeFalse();
        Dictionary<string, object?>[] wrong =
        [
            With("iss", "https://evil.example"), With("iss", null), With("aud", "other"), With("aud", null),
            With("exp", now - 1), With("exp", null), With("nbf", now + 60), With("nbf", null),
            With("sid", null), With("sid", Guid.NewGuid()), With("sid", await CurrentSessionAsync(bob)),
            With("sub", null), With("sub", bob.Id),
        ];
        foreach (var claims in wrong)
            (await IsAcceptedAsync(Header(key), claims)).ShouldBeFalse(JsonSerializer.Serialize(claims));

        async Task<bool> IsAcceptedAsync(JwtHeader header, Dictionary<string, object?> claims)
        {
            using var client = server.Chat.Anonymous();
            client.Use(Signed(header, claims, bytes => Sign(key, bytes)));
            return await client.IsSignedInAsync();
        }
    }

    [Fact]
    public async Task A_token_is_over_after_ten_minutes_but_not_the_socket_that_it_opened()
    {
        var (alice, _) = await server.PersonAsync();
        await using var socket = await alice.ConnectAsync();
        server.Clock.Advance(AccessTokens.Lifetime + TimeSpan.FromSeconds(1));
        (await alice.IsSignedInAsync()).ShouldBeFalse();
        await socket.SendAsync(new { id = "1", type = "subscribe", payload = new { query = "{ viewer { role } }" } });
        (await socket.ReceiveAsync())!.Value.GetProperty("payload").GetProperty("data").GetProperty("viewer").ValueKind
            .ShouldBe(JsonValueKind.Object);
    }

    [Fact]
    public async Task Keys_rotate_and_the_old_ones_go_on_until_their_tokens_are_over()
    {
        var (alice, email) = await server.PersonAsync();
        server.Clock.Advance(SigningKeys.SignsFor);
        using var late = await server.SignedInAsync(email);
        server.Clock.Advance(SigningKeys.SignsFor);
        using var again = await server.SignedInAsync(email);
        string[] keys = [KeyIdOf(alice), KeyIdOf(late), KeyIdOf(again)];
        keys.Distinct(StringComparer.Ordinal).Count().ShouldBe(3);

        // The next one is known a day ahead, and takes over from one moment to the next.
        var current = await KeyAsync();
        server.Clock.Advance(current.SignsUntil - server.Clock.GetUtcNow() - TimeSpan.FromMinutes(5));
        using var last = await server.SignedInAsync(email);
        KeyIdOf(last).ShouldBe(current.Key.KeyId);
        var published = JsonDocument.Parse(await last.Http.GetStringAsync("/.well-known/jwks.json")).RootElement;
        published.GetProperty("keys").GetArrayLength().ShouldBe(2);
        server.Clock.Advance(TimeSpan.FromMinutes(6));
        using var first = await server.SignedInAsync(email);
        KeyIdOf(first).ShouldNotBe(current.Key.KeyId);
        published.ToString().ShouldContain(KeyIdOf(first));
        (await last.IsSignedInAsync()).ShouldBeTrue();
        (await first.IsSignedInAsync()).ShouldBeTrue();

        server.Clock.Advance(AccessTokens.Lifetime);
        var cleanup = server.Chat.Services.GetRequiredService<AccountCleanup>();
        await cleanup.RunAsync(TestContext.Current.CancellationToken);
        (await server.Chat.CountAsync(
            $"select count(*) from chat_auth.signing_keys where id = '{current.Id}'")).ShouldBe(0);
    }

    [Fact]
    public async Task Every_node_accepts_what_any_node_signed_and_refuses_what_any_node_ended()
    {
        await using var other = await OtherNodeAsync();
        var (alice, email) = await server.PersonAsync();
        using var there = new ChatClient(other.Address);
        there.Use(alice.Token);
        (await there.IsSignedInAsync()).ShouldBeTrue();
        await using var socket = await there.ConnectAsync();

        using var back = new ChatClient(other.Address);
        await back.SignInAsync(email);
        alice.Use(back.Token);
        (await alice.IsSignedInAsync()).ShouldBeTrue();

        there.Use(there.Token);
        (await alice.CallCodeAsync($"revokeSession(id: \"{await CurrentSessionAsync(there)}\")")).ShouldBeNull();
        await Eventually.TrueAsync(
            async () => !await there.IsSignedInAsync(), Sessions.CachedFor + TimeSpan.FromSeconds(2));
        (await socket.ReceiveAsync()).ShouldBeNull();
        ((int?)socket.CloseStatus).ShouldBe(4403);
        (await alice.IsSignedInAsync()).ShouldBeTrue();
    }

    private async Task<ChatServer> OtherNodeAsync()
    {
        var other = new ChatServer { Clock = server.Clock };
        other.Settings["Chat:PublicUrl"] = "https://chat.example.org";
        other.Start(server.Chat.DatabaseConnection);
        await other.WaitUntilReadyAsync();
        return other;
    }

    private Task<SigningKey> KeyAsync() =>
        server.Chat.Services.GetRequiredService<SigningKeys>().CurrentAsync(TestContext.Current.CancellationToken);

    private static async Task<Guid> CurrentSessionAsync(ChatClient client) =>
        (await client.DataAsync("{ viewer { sessions { id current } } }")).GetProperty("viewer").GetProperty("sessions")
            .EnumerateArray().Single(session => session.GetProperty("current").GetBoolean())
            .GetProperty("id").GetGuid();

    private Dictionary<string, object?> Claims(Guid accountId, Guid sessionId)
    {
        var now = server.Clock.GetUtcNow().ToUnixTimeSeconds();
        return new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["iss"] = server.Chat.Services.GetRequiredService<ChatOptions>().PublicUrl,
            ["aud"] = "chat",
            ["sub"] = accountId,
            ["sid"] = sessionId,
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + 600,
        };
    }

    private static JwtHeader Header(SigningKey key) => new("ES256", key.Key.KeyId, "at+jwt");

    private static byte[] Sign(SigningKey key, byte[] bytes) => key.Key.ECDsa.SignData(bytes, HashAlgorithmName.SHA256);

    private static string Signed(JwtHeader header, Dictionary<string, object?> claims, Func<byte[], byte[]> sign)
    {
        var unsigned = Unsigned(header, claims);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{unsigned}.{Base64UrlEncoder.Encode(sign(Encoding.ASCII.GetBytes(unsigned)))}");
    }

    private static string Unsigned(JwtHeader header, Dictionary<string, object?> claims)
    {
        var given = claims.Where(claim => claim.Value is not null).ToDictionary(StringComparer.Ordinal);
        return $"{Json(new { alg = header.Alg, kid = header.Kid, typ = header.Typ })}.{Json(given)}";
    }

    private static string Json(object value) => Base64UrlEncoder.Encode(JsonSerializer.SerializeToUtf8Bytes(value));

    private static string KeyIdOf(ChatClient client) => Parts(client.Token!).Header.GetProperty("kid").GetString()!;

    private static (JsonElement Header, JsonElement Payload) Parts(string token)
    {
        var parts = token.Split('.');
        return (Decoded(parts[0]), Decoded(parts[1]));
    }

    private static JsonElement Decoded(string part) =>
        JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(part)).RootElement;

    private sealed record JwtHeader(string Alg, string? Kid, string Typ);
}
