using System.Diagnostics;
using System.Text;
using Chat.Api.Limits;

namespace Chat.Api.Tests.Limits;

/// <summary>The limits as they are by default, on one node behind a proxy that is trusted.</summary>
public sealed class RateLimitTests(RateLimitTests.Limited server) : IClassFixture<RateLimitTests.Limited>
{
    private static int addresses;

    [Fact]
    public async Task A_stolen_session_does_not_help_to_guess_the_password()
    {
        // Who owns the server cannot be erased, whatever the password.
        using var owner = await PersonAsync("Olga");
        using var alice = await PersonAsync("Alice");
        string[] guesses =
        [
            """changePassword(input: { currentPassword: "a guess", newPassword: "another password" })""",
            $$"""changeEmail(input: { password: "a guess", email: "{{Guid.NewGuid():N}}@example.org" })""",
            """eraseAccount(input: { password: "a guess" })""",
        ];
        // In turn: each of them counts, and each is refused.
        var aliases = Enumerable.Range(0, RateLimits.PasswordProofs.Burst + guesses.Length)
            .Select(i => $"m{i}: {guesses[i % guesses.Length]} {{ errors {{ code }} }}");
        var data = await alice.DataAsync($"mutation {{ {string.Join(' ', aliases)} }}");
        data.EnumerateObject().Select(answer => answer.Value.GetProperty("errors")[0].GetProperty("code").GetString())
            .ShouldBe([
                .. Enumerable.Repeat("WRONG_PASSWORD", RateLimits.PasswordProofs.Burst),
                .. Enumerable.Repeat("RATE_LIMITED", guesses.Length),
            ]);
    }

    [Fact]
    public async Task Ten_posts_at_once_and_then_two_a_second()
    {
        using var alice = await PersonAsync("Alice");
        using var bob = await PersonAsync("Bob");
        var room = await alice.CreateRoomAsync();
        var other = await alice.CreateRoomAsync();
        await bob.JoinAsync(room);
        var watch = Stopwatch.StartNew();
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i =>
            alice.PayloadAsync("postMessage", new { roomId = room, text = $"{i}" }, "position")));
        answers.Count(answer => answer.GetProperty("errors").GetArrayLength() == 0)
            .ShouldBeInRange(10, 11 + (int)(2 * watch.Elapsed.TotalSeconds));
        var error = answers.First(answer => answer.GetProperty("errors").GetArrayLength() > 0).GetProperty("errors")[0];
        error.GetProperty("code").GetString().ShouldBe("RATE_LIMITED");
        var wait = error.GetProperty("retryAfterMs").GetInt32();
        wait.ShouldBeInRange(1, 500);
        // Neither the others in the room nor the other room are slowed.
        await bob.PostAsync(room, "hello");
        await alice.PostAsync(other, "hello");
        await Task.Delay(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken);
        await alice.PostAsync(room, "again");
    }

    [Fact]
    public async Task Sign_ins_are_counted_by_account_and_aliases_count_singly()
    {
        var address = NextAddress();
        using var alice = await PersonAsync("Alice");
        var aliases = new StringBuilder("mutation {");
        for (var i = 0; i < 7; i++)
        {
            aliases.Append(
                $$"""
                 a{{i}}: signIn(input: { email: "{{alice.Email}}", password: "wrong password" }) { errors { code } }

                """);
        }

        using var guesser = Client(address);
        var data = await guesser.DataAsync(aliases.Append('}').ToString());
        data.EnumerateObject().Select(answer => answer.Value.GetProperty("errors")[0].GetProperty("code").GetString())
            .ShouldBe([.. Enumerable.Repeat("WRONG_CREDENTIALS", 5), "RATE_LIMITED", "RATE_LIMITED"]);
        // From another address too, and with the right password; whether there is an account makes no difference.
        using var elsewhere = Client(NextAddress());
        var input = new { email = alice.Email, password = ChatClient.Password };
        (await elsewhere.RefusalAsync("signIn", input)).Code.ShouldBe("RATE_LIMITED");
        var nobody = new { email = $"{Guid.NewGuid():N}@example.org", password = ChatClient.Password };
        for (var i = 0; i < 5; i++)
            (await elsewhere.RefusalAsync("signIn", nobody)).Code.ShouldBe("WRONG_CREDENTIALS");
        (await elsewhere.RefusalAsync("signIn", nobody)).Code.ShouldBe("RATE_LIMITED");
    }

    [Fact]
    public async Task Sign_ins_are_counted_by_address()
    {
        using var guesser = Client(NextAddress());
        var codes = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            var input = new { email = $"{Guid.NewGuid():N}@example.org", password = "wrong password" };
            codes.Add((await guesser.RefusalAsync("signIn", input)).Code);
        }

        codes.Take(30).ShouldAllBe(code => code == "WRONG_CREDENTIALS");
        codes.ShouldContain("RATE_LIMITED");
    }

    [Fact]
    public async Task New_accounts_are_counted_by_address_and_only_trusted_proxies_say_which()
    {
        var address = NextAddress();
        using var many = Client(address);
        await Task.WhenAll(Enumerable.Range(0, 60).Select(async i =>
        {
            using var one = Client(address);
            await one.EnterAsGuestAsync($"Guest {i}");
        }));
        (await many.RefusalAsync("enterAsGuest", new { displayName = "One more" })).Code.ShouldBe("RATE_LIMITED");
        (await many.RefusalAsync(
            "register", new { email = "x@example.org", password = ChatClient.Password, displayName = "X" })).Code
            .ShouldBe("RATE_LIMITED");
        // What the client claims before the proxy's own word is not believed.
        using var liar = Client($"203.0.113.99, {address}");
        (await liar.RefusalAsync("enterAsGuest", new { displayName = "Liar" })).Code.ShouldBe("RATE_LIMITED");
        using var other = Client(NextAddress());
        await other.EnterAsGuestAsync("Somebody else");
    }

    [Fact]
    public async Task Typing_is_limited_and_says_when_to_go_on()
    {
        using var alice = await PersonAsync("Alice");
        var room = await alice.CreateRoomAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ =>
            alice.PayloadAsync("setTyping", new { roomId = room, typing = true }, "ok")));
        answers.Count(answer => answer.GetProperty("ok").GetBoolean()).ShouldBeGreaterThanOrEqualTo(2);
        var refused = answers.First(answer => !answer.GetProperty("ok").GetBoolean()).GetProperty("errors")[0];
        refused.GetProperty("code").GetString().ShouldBe("RATE_LIMITED");
        refused.GetProperty("retryAfterMs").GetInt32().ShouldBeInRange(1, 500);
    }

    [Fact]
    public async Task No_address_is_in_the_table()
    {
        using var client = Client("198.51.100.77");
        await client.RefusalAsync("signIn", new { email = "secret@example.org", password = "wrong password" });
        (await server.CountAsync("select count(*) from chat_limits.buckets")).ShouldBeGreaterThan(0);
        (await server.CountAsync(
            "select count(*) from chat_limits.buckets where name like '%198.51%' or name like '%secret%'")).ShouldBe(0);
    }

    private static string NextAddress() => $"192.0.2.{Interlocked.Increment(ref addresses)}";

    private ChatClient Client(string forwardedFor)
    {
        var client = server.Anonymous();
        client.Http.DefaultRequestHeaders.Add("X-Forwarded-For", forwardedFor);
        return client;
    }

    private async Task<ChatClient> PersonAsync(string name)
    {
        var client = Client(NextAddress());
        await client.RegisterAsync($"{name}-{Guid.NewGuid():N}@example.org", name);
        return client;
    }

    public sealed class Limited : IAsyncLifetime
    {
        private readonly ChatServer _server = new();

        public ChatClient Anonymous() => _server.Anonymous();

        public Task<long> CountAsync(string sql) => _server.CountAsync(sql);

        public ValueTask InitializeAsync()
        {
            _server.Settings["Chat:RateLimitScale"] = "1";
            _server.Settings["Chat:TrustedProxies"] = "127.0.0.1, ::1";
            return _server.InitializeAsync();
        }

        public ValueTask DisposeAsync() => _server.DisposeAsync();
    }
}
