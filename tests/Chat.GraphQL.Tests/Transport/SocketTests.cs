using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL.Tests.Transport;

/// <summary>graphql-transport-ws: messages and close codes.</summary>
public sealed class SocketTests
{
    private const string Room = "00000001-0000-0000-0000-000000000000";

    [Fact]
    public async Task A_subscription_sends_next_and_complete()
    {
        await using var server = await StartAsync();
        using var socket = await server.ConnectAsync();
        await socket.InitAsync();
        await socket.SubscribeAsync("a",
            "subscription ($r: UUID!) { events(roomId: $r, after: 1) { position } }", new { r = Room });
        Text(await socket.ReceiveAsync()).ShouldBe(
            """{"id":"a","type":"next","payload":{"data":{"events":{"position":2}}}}""");
        Text(await socket.ReceiveAsync()).ShouldBe(
            """{"id":"a","type":"next","payload":{"data":{"events":{"position":3}}}}""");
        Text(await socket.ReceiveAsync()).ShouldBe("""{"id":"a","type":"complete"}""");
    }

    [Fact]
    public async Task Queries_and_mutations_send_one_next()
    {
        await using var server = await StartAsync();
        using var socket = await server.ConnectAsync();
        await socket.InitAsync();
        await socket.SubscribeAsync("q", "{ hello }");
        Text(await socket.ReceiveAsync()).ShouldBe(
            """{"id":"q","type":"next","payload":{"data":{"hello":"hello world"}}}""");
        Text(await socket.ReceiveAsync()).ShouldBe("""{"id":"q","type":"complete"}""");
        await socket.SubscribeAsync("q", "mutation { createRoom(input: {name: \"x\"}) { errors } }");
        Text(await socket.ReceiveAsync()).ShouldContain("\"type\":\"next\"");
        Text(await socket.ReceiveAsync()).ShouldBe("""{"id":"q","type":"complete"}""");
    }

    [Theory]
    [InlineData("{ nope }", ErrorCodes.ValidationFailed)]
    [InlineData("{", ErrorCodes.ParseFailed)]
    [InlineData("subscription { events(roomId: \"00000000-0000-0000-0000-000000000000\") { position } }", "NOT_FOUND")]
    public async Task What_cannot_run_sends_an_error_and_frees_its_id(string query, string code)
    {
        await using var server = await StartAsync();
        using var socket = await server.ConnectAsync();
        await socket.InitAsync();
        for (var i = 0; i < 2; i++)
        {
            await socket.SubscribeAsync("e", query);
            var error = await socket.ReceiveAsync();
            error.GetProperty("type").GetString().ShouldBe("error");
            error.GetProperty("payload")[0].GetProperty("extensions").GetProperty("code").GetString().ShouldBe(code);
        }
    }

    [Fact]
    public async Task Pings_are_answered_at_any_time_and_pongs_ignored()
    {
        await using var server = await StartAsync();
        using var socket = await server.ConnectAsync();
        await socket.SendAsync(new { type = "ping" });
        Text(await socket.ReceiveAsync()).ShouldBe("""{"type":"pong"}""");
        await socket.InitAsync();
        await socket.SendAsync(new { type = "pong" });
        await socket.SendAsync(new { type = "ping", payload = new { n = 1 } });
        Text(await socket.ReceiveAsync()).ShouldBe("""{"type":"pong","payload":{"n":1}}""");
    }

    [Theory]
    [InlineData("""{"type":"subscribe","id":"1","payload":{"query":"{ hello }"}}""", 4401, "Unauthorized")]
    [InlineData("""not JSON""", 4400, null)]
    [InlineData("""[]""", 4400, "Message is missing the 'type' property")]
    [InlineData("""{"type":"start"}""", 4400, "Invalid message 'type' property \"start\"")]
    [InlineData("", 4400, null)]
    [InlineData(
        """{"type":"connection_init","payload":5}""", 4400,
        "\"connection_init\" message expects the 'payload' property to be an object or missing")]
    [InlineData("""{"type":"ping","payload":"x"}""", 4400, null)]
    [InlineData("""{"type":"pong","payload":[]}""", 4400, null)]
    public async Task Before_the_handshake_the_protocol_is_kept(string message, int code, string? text)
    {
        await using var server = await StartAsync();
        using var socket = await server.ConnectAsync();
        await socket.SendTextAsync(message);
        await ShouldCloseAsync(socket, code, text);
    }

    [Fact]
    public async Task A_type_without_end_closes_at_once()
    {
        await using var server = await StartAsync();
        using var socket = await server.ConnectAsync();
        await socket.SendAsync(new { type = "😀" + new string('x', 100) + new string('é', 40_000) });
        var (code, text) = await socket.ReceiveCloseAsync();
        code.ShouldBe(4400);
        Encoding.UTF8.GetByteCount(text!).ShouldBeInRange(120, 123);
        text.ShouldStartWith("Invalid message 'type' property \"😀xx");
    }

    [Theory]
    [InlineData("""{"type":"connection_init"}""", 4429, "Too many initialisation requests")]
    [InlineData("""{"type":"subscribe","id":"","payload":{"query":"{ hello }"}}""", 4400, null)]
    [InlineData("""{"type":"subscribe","payload":{"query":"{ hello }"}}""", 4400, null)]
    [InlineData("""{"type":"subscribe","id":"1"}""", 4400, null)]
    [InlineData("""{"type":"subscribe","id":"1","payload":{}}""", 4400, null)]
    [InlineData("""{"type":"complete"}""", 4400, null)]
    public async Task After_the_handshake_too(string message, int code, string? text)
    {
        await using var server = await StartAsync();
        using var socket = await server.ConnectAsync();
        await socket.InitAsync();
        await socket.SendTextAsync(message);
        await ShouldCloseAsync(socket, code, text);
    }

    [Fact]
    public async Task An_id_that_is_too_long_closes_the_socket()
    {
        await using var server = await StartAsync(options => options.MaxOperationIdChars = 10);
        using var socket = await server.ConnectAsync();
        await socket.InitAsync();
        await socket.SubscribeAsync(new string('i', 10), "{ hello }");
        (await socket.ReceiveAsync()).GetProperty("type").GetString().ShouldBe("next");
        await socket.SubscribeAsync(new string('i', 11), "{ hello }");
        await ShouldCloseAsync(socket, 4400, "Ids of operations have at most 10 characters");
    }

    [Fact]
    public async Task Errors_on_one_socket_have_trace_ids_of_their_own()
    {
        await using var server = await StartAsync();
        using var socket = await server.ConnectAsync();
        await socket.InitAsync();
        var traceIds = new HashSet<string>();
        for (var i = 1; i <= 3; i++)
        {
            await socket.SubscribeAsync("1", "{ broken }");
            traceIds.Add((await socket.ReceiveAsync()).GetProperty("payload").GetProperty("errors")[0]
                .GetProperty("extensions").GetProperty("traceId").GetString()!);
            (await socket.ReceiveAsync()).GetProperty("type").GetString().ShouldBe("complete");
        }

        traceIds.Count.ShouldBe(3);
    }

    [Fact]
    public async Task An_id_in_use_closes_the_socket()
    {
        await using var server = await StartAsync();
        using var socket = await server.ConnectAsync();
        await socket.InitAsync();
        await socket.SubscribeAsync("x", Endless);
        await socket.SubscribeAsync("x", Endless);
        await ShouldCloseAsync(socket, 4409, "Subscriber for x already exists");
    }

    [Fact]
    public async Task A_stopped_operation_sends_nothing_more_and_its_id_is_free_at_once()
    {
        await using var server = await StartAsync();
        using var socket = await server.ConnectAsync();
        await socket.InitAsync();
        // Stopped ones may need a moment to end, and up to twice the limit may be under way: this stays below it.
        for (var i = 0; i < 150; i++)
        {
            await socket.SubscribeAsync("x", Endless);
            await socket.SendAsync(new { type = "complete", id = "x" });
        }

        await socket.SubscribeAsync("y", "{ hello }");
        Text(await socket.ReceiveAsync()).ShouldBe(
            """{"id":"y","type":"next","payload":{"data":{"hello":"hello world"}}}""");
    }

    [Fact]
    public async Task Operations_of_a_socket_are_limited()
    {
        await using var server = await StartAsync(options => options.MaxOperationsPerSocket = 3);
        using var socket = await server.ConnectAsync();
        await socket.InitAsync();
        for (var i = 0; i < 4; i++)
            await socket.SubscribeAsync($"{i}", Endless);
        var error = await socket.ReceiveAsync();
        error.GetProperty("id").GetString().ShouldBe("3");
        error.GetProperty("payload")[0].GetProperty("extensions").GetProperty("code").GetString()
            .ShouldBe(ErrorCodes.TooManyOperations);
        await socket.SendAsync(new { type = "complete", id = "0" });
        await socket.SubscribeAsync("5", "{ hello }");
        (await socket.ReceiveAsync()).GetProperty("id").GetString().ShouldBe("5");
    }

    [Fact]
    public async Task Subscriptions_of_a_socket_have_a_limit_of_their_own()
    {
        await using var server = await StartAsync(options => options.MaxSubscriptionsPerSocket = 2);
        using var socket = await server.ConnectAsync();
        await socket.InitAsync();
        for (var i = 0; i < 3; i++)
            await socket.SubscribeAsync($"{i}", Endless);
        var error = await socket.ReceiveAsync();
        error.GetProperty("id").GetString().ShouldBe("2");
        error.GetProperty("payload")[0].GetProperty("extensions").GetProperty("code").GetString()
            .ShouldBe(ErrorCodes.TooManySubscriptions);
        await socket.SubscribeAsync("q", "{ hello }");
        (await socket.ReceiveAsync()).GetProperty("id").GetString().ShouldBe("q");
        (await socket.ReceiveAsync()).GetProperty("type").GetString().ShouldBe("complete");
        await socket.SendAsync(new { type = "complete", id = "0" });
        await socket.SubscribeAsync("0", Finite);
        (await socket.ReceiveAsync()).GetProperty("type").GetString().ShouldBe("next");
    }

    [Fact]
    public async Task The_handshake_has_a_limited_time()
    {
        await using var server = await StartAsync(options => options.SocketInitTimeout = TimeSpan.FromMilliseconds(50));
        using var socket = await server.ConnectAsync();
        await ShouldCloseAsync(socket, 4408, "Connection initialisation timeout");
    }

    [Fact]
    public async Task Another_subprotocol_is_refused()
    {
        await using var server = await StartAsync();
        using var socket = await server.ConnectAsync(subprotocol: null);
        await ShouldCloseAsync(socket, 4406, "Subprotocol not acceptable");
    }

    [Fact]
    public async Task Messages_are_text_of_limited_size_in_any_number_of_fragments()
    {
        await using var server = await StartAsync(options => options.MaxSocketMessageBytes = 10_000);
        using var socket = await server.ConnectAsync();
        await socket.InitAsync();
        var message = Encoding.UTF8.GetBytes(
            $$$"""{"id":"f","type":"subscribe","payload":{"query":"{ hello }","x":"{{{new string('x', 9_000)}}}"}}""");
        for (var i = 0; i < message.Length; i += 100)
        {
            await socket.Raw.SendAsync(
                message.AsMemory(i, Math.Min(100, message.Length - i)), WebSocketMessageType.Text,
                i + 100 >= message.Length, Cancel.Test);
        }

        (await socket.ReceiveAsync()).GetProperty("id").GetString().ShouldBe("f");
        (await socket.ReceiveAsync()).GetProperty("type").GetString().ShouldBe("complete");
        await socket.SendTextAsync(new string(' ', 10_001));
        await ShouldCloseAsync(socket, 1009, "Message is too big");
    }

    [Fact]
    public async Task Binary_messages_are_refused()
    {
        await using var server = await StartAsync();
        using var socket = await server.ConnectAsync();
        await socket.Raw.SendAsync(new byte[10], WebSocketMessageType.Binary, true, Cancel.Test);
        await ShouldCloseAsync(socket, 4400, "Messages must be text");
    }

    [Theory]
    [InlineData("reject", 4403, "Forbidden")]
    [InlineData("throw", 4403, "no entry")]
    [InlineData("fail", 4500, "Internal server error")]
    public async Task An_interceptor_may_refuse_the_handshake(string how, int code, string text)
    {
        await using var server = await StartAsync();
        using var socket = await server.ConnectAsync();
        await socket.SendAsync(new { type = "connection_init", payload = new { how } });
        await ShouldCloseAsync(socket, code, text);
    }

    [Fact]
    public async Task An_interceptor_may_end_the_session()
    {
        await using var server = await StartAsync();
        using var socket = await server.ConnectAsync();
        await socket.InitAsync(new { how = "short" });
        await ShouldCloseAsync(socket, 4403, "Session ended");
    }

    [Fact]
    public async Task An_interceptor_fills_the_state_of_the_connection()
    {
        await using var server = await StartAsync();
        using var socket = await server.ConnectAsync();
        await socket.InitAsync(new { how = "ann" });
        await socket.SubscribeAsync("1", "{ whoAmI }");
        Text(await socket.ReceiveAsync()).ShouldContain("\"whoAmI\":\"ann\"");
    }

    [Fact]
    public async Task An_interceptor_may_refuse_the_upgrade()
    {
        await using var server = await StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("graphql-transport-ws");
        socket.Options.SetRequestHeader("Origin", "https://evil.example");
        await Should.ThrowAsync<WebSocketException>(() => socket.ConnectAsync(
            new UriBuilder(server.Address) { Scheme = "ws", Path = "/graphql" }.Uri, Cancel.Test));
        socket.HttpStatusCode.ShouldBe(default);
    }

    [Fact]
    public async Task A_client_may_leave_politely_or_not()
    {
        await using var server = await StartAsync();
        using var polite = await server.ConnectAsync();
        await polite.InitAsync();
        await polite.SubscribeAsync("1", Endless);
        await polite.Raw.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", Cancel.Test);
        polite.Raw.State.ShouldBe(WebSocketState.Closed);
        using var rude = await server.ConnectAsync();
        await rude.InitAsync();
        await rude.SubscribeAsync("1", Endless);
        rude.Raw.Abort();
        (await server.QueryAsync("{ hello }")).GetRawText().ShouldBe("""{"data":{"hello":"hello world"}}""");
        await server.StopAsync();
        server.Services.GetRequiredService<RecordedLog>().Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Sockets_are_closed_when_the_server_stops()
    {
        await using var server = await StartAsync();
        using var socket = await server.ConnectAsync();
        await socket.InitAsync();
        await socket.SubscribeAsync("1", Endless);
        using var idle = await server.ConnectAsync();
        var stopping = server.StopAsync();
        await ShouldCloseAsync(socket, 1001, "Server is shutting down");
        await ShouldCloseAsync(idle, 1001, "Server is shutting down");
        await stopping.WaitAsync(TimeSpan.FromSeconds(10), Cancel.Test);
    }

    private static string Endless =>
        $"subscription {{ events(roomId: \"{Room}\", after: 99) {{ position }} }}";

    private static string Finite => $"subscription {{ events(roomId: \"{Room}\", after: 1) {{ position }} }}";

    private static string Text(JsonElement message) => message.GetRawText();

    private static Task<TestServer> StartAsync(Action<GraphQLOptions>? options = null) =>
        TestServer.StartAsync(builder => builder.AddChat().AddInterceptor<Door>(), options);

    private static async Task ShouldCloseAsync(TestSocket socket, int code, string? text)
    {
        var (actual, description) = await socket.ReceiveCloseAsync();
        actual.ShouldBe(code, description);
        if (text is not null)
            description.ShouldBe(text);
        if (socket.Raw.State == WebSocketState.CloseReceived)
            await socket.Raw.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", Cancel.Test);
    }

    public sealed class Door : GraphQLInterceptor
    {
        public override ValueTask<int?> OnSocketAsync(HttpContext http, CancellationToken ct) =>
            new(http.Request.Headers.Origin.Count > 0 ? StatusCodes.Status403Forbidden : null);

        public override ValueTask<ConnectResult> OnConnectAsync(
            HttpContext http, JsonElement? payload, IDictionary<string, object?> state, CancellationToken ct)
        {
            var how = payload is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty("how", out var value)
                ? value.GetString()
                : null;
            state["caller"] = how;
            return how switch
            {
                "reject" => new(ConnectResult.Reject()),
                "throw" => throw new GraphQLException("no entry", "FORBIDDEN"),
                "fail" => throw new InvalidOperationException("database is down"),
                "short" => new(ConnectResult.Accept(new CancellationTokenSource(TimeSpan.FromMilliseconds(100)).Token)),
                _ => new(ConnectResult.Accept(CancellationToken.None)),
            };
        }
    }
}
