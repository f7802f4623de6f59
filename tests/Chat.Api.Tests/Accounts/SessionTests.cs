using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Chat.Api.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Api.Tests.Accounts;

/// <summary>Registration, sign-in, guests and sign-out, as an API client and as a browser.</summary>
public sealed class SessionTests(ChatServer server) : IClassFixture<ChatServer>
{
    private const string Register =
        """
        mutation($input: RegisterInput!) { register(input: $input) {
          accessToken refreshToken viewer { email role user { displayName isGuest isBot } } errors { code field }
        } }
        """;

    [Fact]
    public async Task A_person_registers_and_signs_in_again()
    {
        var email = NewEmail();
        using var alice = server.Anonymous();
        await alice.RegisterAsync(email, "Alice");
        var data = await alice.DataAsync(
            "{ viewer { email user { id displayName isGuest isBot } memberships { role } cursor } }");
        var viewer = data.GetProperty("viewer");
        viewer.GetProperty("email").GetString().ShouldBe(email);
        viewer.GetProperty("user").GetProperty("displayName").GetString().ShouldBe("Alice");
        viewer.GetProperty("user").GetProperty("isGuest").GetBoolean().ShouldBeFalse();
        viewer.GetProperty("cursor").GetInt64().ShouldBeGreaterThan(0);

        using var again = server.Anonymous();
        await again.SignInAsync(email.ToUpperInvariant());
        again.Id.ShouldBe(alice.Id);
        again.Token.ShouldNotBe(alice.Token);
    }

    [Fact]
    public async Task A_guest_comes_in_under_a_name()
    {
        using var guest = await server.GuestAsync("Bob");
        var data = await guest.DataAsync("{ viewer { email role user { displayName isGuest } } }");
        var viewer = data.GetProperty("viewer");
        viewer.GetProperty("email").ValueKind.ShouldBe(JsonValueKind.Null);
        viewer.GetProperty("role").GetString().ShouldBe("GUEST");
        viewer.GetProperty("user").GetProperty("isGuest").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Nobody_is_signed_in_without_a_session()
    {
        using var nobody = server.Anonymous();
        (await nobody.DataAsync("{ viewer { role } server { name version node } }")).GetProperty("viewer").ValueKind
            .ShouldBe(JsonValueKind.Null);
        (await nobody.ErrorCodeAsync("{ rooms { nodes { id } } }")).ShouldBe("UNAUTHENTICATED");
        (await nobody.ErrorCodeAsync($"{{ room(id: \"{Guid.NewGuid()}\") {{ id }} }}")).ShouldBe("UNAUTHENTICATED");
        (await nobody.RefusalAsync("createRoom", new { name = "Tea" })).Code.ShouldBe("UNAUTHENTICATED");
        (await nobody.RefusalAsync("postMessage", new { roomId = Guid.NewGuid(), text = "hi" })).Code
            .ShouldBe("UNAUTHENTICATED");
        var signOut = await nobody.DataAsync("mutation { signOut { ok errors { code } } }");
        signOut.GetProperty("signOut").GetProperty("errors")[0].GetProperty("code").GetString()
            .ShouldBe("UNAUTHENTICATED");
    }

    [Fact]
    public async Task An_address_has_one_account()
    {
        var email = NewEmail();
        using var first = server.Anonymous();
        await first.RegisterAsync(email, "Alice");
        var before = await server.EventsAsync();
        var other = new { email = email.ToUpperInvariant(), password = "another password", displayName = "Alice" };
        (await server.Anonymous().RefusalAsync("register", other)).ShouldBe(("EMAIL_TAKEN", "email"));
        (await server.EventsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Two_who_register_one_address_at_once_make_one_account()
    {
        var email = NewEmail();
        var payloads = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => server.Anonymous().PayloadAsync(
            "register", new { email, password = $"{ChatClient.Password} {i}", displayName = "Alice" }, "accessToken")));
        payloads.Count(payload => payload.GetProperty("accessToken").ValueKind == JsonValueKind.String).ShouldBe(1);
        payloads.Where(payload => payload.GetProperty("errors").GetArrayLength() > 0)
            .ShouldAllBe(payload => payload.GetProperty("errors")[0].GetProperty("code").GetString() == "EMAIL_TAKEN");
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_look_the_same()
    {
        var email = NewEmail();
        using var alice = server.Anonymous();
        await alice.RegisterAsync(email, "Alice");
        const string Selection = "accessToken viewer { role }";
        var wrong = await server.Anonymous()
            .PayloadAsync("signIn", new { email, password = "not the password" }, Selection);
        var unknown = await server.Anonymous()
            .PayloadAsync("signIn", new { email = NewEmail(), password = "not the password" }, Selection);
        wrong.ToString().ShouldBe(unknown.ToString());
        wrong.GetProperty("errors")[0].GetProperty("code").GetString().ShouldBe("WRONG_CREDENTIALS");
    }

    [Theory]
    [InlineData("", "correct horse battery", "Alice", "email")]
    [InlineData("not an address", "correct horse battery", "Alice", "email")]
    [InlineData("a@example.org", "short", "Alice", "password")]
    [InlineData("a@example.org", "correct horse battery", "", "displayName")]
    [InlineData("a@example.org", "correct horse battery", "   ", "displayName")]
    [InlineData("a@example.org", "correct horse battery", "Ali\u0007ce", "displayName")]
    [InlineData("a@example.org", "correct horse battery", "Alice\u202Eecila", "displayName")]
    public async Task Bad_input_names_its_field_and_writes_nothing(
        string email, string password, string displayName, string field)
    {
        var before = await server.EventsAsync();
        (await server.Anonymous().RefusalAsync("register", new { email, password, displayName }))
            .ShouldBe(("INVALID_INPUT", field));
        if (field == "displayName")
            (await server.Anonymous().RefusalAsync("enterAsGuest", new { displayName }))
                .ShouldBe(("INVALID_INPUT", field));
        (await server.EventsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_at_once()
    {
        using var alice = await server.PersonAsync("Alice");
        await using var socket = await alice.ConnectAsync();
        var signOut = await alice.DataAsync("mutation { signOut { ok errors { code } } }");
        signOut.GetProperty("signOut").GetProperty("ok").GetBoolean().ShouldBeTrue();
        (await alice.DataAsync("{ viewer { role } }")).GetProperty("viewer").ValueKind.ShouldBe(JsonValueKind.Null);
        (await socket.ReceiveAsync()).ShouldBeNull();
        ((int?)socket.CloseStatus).ShouldBe(4403);
    }

    [Fact]
    public async Task A_closed_socket_is_forgotten_however_it_closed()
    {
        var live = server.Services.GetRequiredService<LiveSessions>();
        using var alice = await server.PersonAsync("Alice");
        var before = live.Count;
        await using var polite = await alice.ConnectAsync();
        var sudden = await alice.ConnectAsync();
        live.Count.ShouldBe(before + 2);
        await polite.CloseAsync();
        await sudden.DisposeAsync();
        await Eventually.TrueAsync(() => Task.FromResult(live.Count <= before));
    }

    [Fact]
    public async Task The_log_and_the_tables_hold_no_secret_in_the_clear()
    {
        var email = NewEmail();
        using var alice = server.Anonymous();
        await alice.RegisterAsync(email, "Alexandrina Überall");
        var room = await alice.CreateRoomAsync();
        await alice.PostAsync(room, "a very personal sentence");
        foreach (var secret in new[] { email, "Alexandrina", "very personal" })
        {
            var found = await server.CountAsync(
                $"""
                 select count(*) from mt_events
                 where data::text ilike '%{secret}%' or headers::text ilike '%{secret}%'
                 """);
            found.ShouldBe(0);
        }
        var mail = server.Services.GetRequiredService<MailTokens>();
        var link = (await mail.MakeAsync(
            MailTokenKind.Verification, alice.Id, NewEmail(), TestContext.Current.CancellationToken))!;
        foreach (var secret in new[] { email, ChatClient.Password, alice.Token!, alice.RefreshToken!, link })
            (await server.TablesHoldingAsync(secret)).ShouldBeEmpty(secret);

        (await server.CountAsync("select count(*) from chat_auth.mail_tokens")).ShouldBeGreaterThan(0);
        var keys = server.Services.GetRequiredService<SigningKeys>();
        var key = await keys.CurrentAsync(TestContext.Current.CancellationToken);
        var secretKey = Convert.ToHexString(key.Key.ECDsa.ExportParameters(includePrivateParameters: true).D!);
        (await server.CountAsync("select count(*) from chat_auth.signing_keys")).ShouldBeGreaterThan(0);
        (await server.CountAsync(
            $"""
             select count(*) from chat_auth.signing_keys
             where encode(wrapped_private_key, 'hex') ilike '%{secretKey}%'
             """))
            .ShouldBe(0);

        var otherwiseHashed = await server.CountAsync(
            "select count(*) from chat_auth.passwords where hash not like '$argon2id$v=19$m=19456,t=2,p=1$%'");
        otherwiseHashed.ShouldBe(0);
    }

    [Fact]
    public async Task A_browser_gets_a_cookie_and_no_token()
    {
        using var response = await BrowserAsync(Register, new { input = Input(NewEmail()) }, cookie: null);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        var payload = answer.GetProperty("data").GetProperty("register");
        payload.GetProperty("accessToken").ValueKind.ShouldBe(JsonValueKind.Null);
        payload.GetProperty("refreshToken").ValueKind.ShouldBe(JsonValueKind.Null);
        var cookie = response.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=strict");

        using var viewer = await BrowserAsync("{ viewer { user { displayName } } }", null, cookie.Split(';')[0]);
        (await viewer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data").GetProperty("viewer").ValueKind
            .ShouldBe(JsonValueKind.Object);

        using var signOut = await BrowserAsync("mutation { signOut { ok } }", null, cookie.Split(';')[0]);
        signOut.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem().ShouldContain("expires=Thu, 01 Jan 1970");
        using var after = await BrowserAsync("{ viewer { user { displayName } } }", null, cookie.Split(';')[0]);
        (await after.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data").GetProperty("viewer").ValueKind
            .ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_browser_that_upgrades_keeps_its_cookie_and_one_that_is_erased_loses_it()
    {
        using var entered = await BrowserAsync(
            "mutation { enterAsGuest(input: { displayName: \"Gil\" }) { accessToken refreshToken } }", null,
            cookie: null);
        var cookie = entered.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        var input = new { email = NewEmail(), password = ChatClient.Password };
        using var upgraded = await BrowserAsync(
            """
            mutation($input: UpgradeGuestInput!) {
              upgradeGuest(input: $input) { accessToken refreshToken viewer { email } errors { code } }
            }
            """,
            new { input }, cookie);
        upgraded.Headers.Contains("Set-Cookie").ShouldBeFalse();
        var payload = (await upgraded.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data")
            .GetProperty("upgradeGuest");
        payload.GetProperty("accessToken").ValueKind.ShouldBe(JsonValueKind.Null);
        payload.GetProperty("refreshToken").ValueKind.ShouldBe(JsonValueKind.Null);
        payload.GetProperty("viewer").GetProperty("email").GetString().ShouldBe(input.email);

        using var erased = await BrowserAsync(
            "mutation($input: EraseAccountInput!) { eraseAccount(input: $input) { ok errors { code } } }",
            new { input = new { password = ChatClient.Password } }, cookie);
        (await erased.Content.ReadAsStringAsync())
            .ShouldBe("""{"data":{"eraseAccount":{"ok":true,"errors":[]}}}""");
        erased.Headers.GetValues("Set-Cookie").Single().ShouldContain("expires=Thu, 01 Jan 1970");
    }

    [Fact]
    public async Task A_browser_is_never_given_a_token_that_can_be_read()
    {
        using var alice = await server.PersonAsync("Alice");
        using var refreshed = await BrowserAsync(
            $$"""mutation { refreshSession(refreshToken: "{{alice.RefreshToken}}") { accessToken errors { code } } }""",
            null, cookie: null);
        (await refreshed.Content.ReadAsStringAsync()).ShouldContain("UNAUTHENTICATED");
        refreshed.Headers.Contains("Set-Cookie").ShouldBeFalse();
        (await alice.CallAsync($"refreshSession(refreshToken: \"{alice.RefreshToken}\")", "accessToken"))
            .GetProperty("accessToken").ValueKind.ShouldBe(JsonValueKind.String);
    }

    [Fact]
    public async Task An_API_client_gets_a_token_and_no_cookie()
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        using var response = await http.PostAsJsonAsync(
            "/graphql", new { query = Register, variables = new { input = Input(NewEmail()) } });
        response.Headers.Contains("Set-Cookie").ShouldBeFalse();
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data").GetProperty("register")
            .GetProperty("accessToken").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_cookie_without_the_browsers_header_does_nothing()
    {
        using var response = await BrowserAsync(Register, new { input = Input(NewEmail()) }, cookie: null);
        var cookie = response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        var before = await server.EventsAsync();
        using var forged = await BrowserAsync(
            "mutation { createRoom(input: { name: \"forged\" }) { position } }", null, cookie, browserHeader: false);
        forged.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await server.EventsAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("https://evil.example", false)]
    [InlineData("http://evil.example:{port}", false)]
    [InlineData("http://{host}", false)]
    [InlineData("null", false)]
    [InlineData(null, false)]
    [InlineData("http://{host}:{port}", true)]
    [InlineData("https://{host}:{port}", true)]
    public async Task A_socket_with_a_cookie_needs_our_origin(string? origin, bool accepted)
    {
        using var response = await BrowserAsync(Register, new { input = Input(NewEmail()) }, cookie: null);
        var cookie = response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        var connect = () => ChatSocket.ConnectAsync(server.Address, token: null, options =>
        {
            options.SetRequestHeader("Cookie", cookie);
            if (origin is not null)
            {
                options.SetRequestHeader("Origin", origin
                    .Replace("{host}", server.Address.Host, StringComparison.Ordinal)
                    .Replace("{port}", $"{server.Address.Port}", StringComparison.Ordinal));
            }
        });
        if (accepted)
            await (await connect()).DisposeAsync();
        else
            (await Should.ThrowAsync<System.Net.WebSockets.WebSocketException>(connect)).Message.ShouldContain("403");
    }

    private async Task<HttpResponseMessage> BrowserAsync(
        string query, object? variables, string? cookie, bool browserHeader = true)
    {
        using var http = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = server.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Content = JsonContent.Create(new { query, variables }),
        };
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        if (browserHeader)
            request.Headers.Add("x-chat", "1");
        return await http.SendAsync(request);
    }

    private static string NewEmail() => $"{Guid.NewGuid():N}@example.org";

    private static object Input(string email) => new { email, password = ChatClient.Password, displayName = "Alice" };
}
