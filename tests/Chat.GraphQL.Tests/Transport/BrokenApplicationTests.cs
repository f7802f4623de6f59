using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Chat.GraphQL.Tests.Transport;

/// <summary>What breaks in the application harms the operation that it belongs to, and nothing else.</summary>
public sealed class BrokenApplicationTests
{
    private const string CallbackFailed = "A callback on the token of a GraphQL operation failed.";

    [Fact]
    public async Task A_callback_that_throws_when_its_operation_is_stopped_leaves_the_socket_alone()
    {
        await using var server = await StartAsync();
        using var socket = await server.ConnectAsync();
        await socket.InitAsync();
        await socket.SubscribeAsync("1", "subscription { fragile }");
        (await socket.ReceiveAsync()).GetProperty("type").GetString().ShouldBe("next");
        await socket.SendAsync(new { id = "1", type = "complete" });
        await socket.SubscribeAsync("2", "{ one }");
        (await socket.ReceiveAsync()).GetRawText().ShouldBe(
            """{"id":"2","type":"next","payload":{"data":{"one":1}}}""");
        await Eventually.HoldsAsync(() => Log(server).Any(entry => entry.Text == CallbackFailed), "it is logged");
    }

    [Fact]
    public async Task A_callback_that_throws_lets_no_operation_outlive_its_socket()
    {
        await using var server = await StartAsync();
        using var socket = await server.ConnectAsync();
        await socket.InitAsync();
        await socket.SubscribeAsync("1", "subscription { fragile }");
        await socket.ReceiveAsync();
        await socket.SubscribeAsync("2", "subscription { idle }");
        await socket.ReceiveAsync();
        socket.Raw.Abort();
        await NoSourceIsOpenAsync(server);
    }

    [Fact]
    public async Task A_callback_that_throws_lets_no_operation_outlive_its_event_stream()
    {
        await using var server = await StartAsync();
        var reserved = await server.Http.PutAsync("/graphql", null, Cancel.Test);
        var path = "/graphql?token=" + await reserved.Content.ReadAsStringAsync(Cancel.Test);
        using (var stream = await TestEventStream.OpenAsync(server, new HttpRequestMessage(HttpMethod.Get, path)))
        {
            foreach (var field in new[] { "fragile", "idle" })
            {
                await server.Http.PostAsJsonAsync(
                    path, new { query = $"subscription {{ {field} }}", extensions = new { operationId = field } },
                    Cancel.Test);
                (await stream.NextAsync()).GetProperty("id").GetString().ShouldBe(field);
            }
        }

        await NoSourceIsOpenAsync(server);
    }

    [Fact]
    public async Task A_callback_that_throws_when_time_runs_out_does_not_end_the_process()
    {
        await using var server = await StartAsync(options => options.RequestTimeout = TimeSpan.FromSeconds(1));
        var errors = (await server.QueryAsync("{ fragile }")).GetProperty("errors");
        CodeOf(errors).ShouldBe(ErrorCodes.RequestTimeout);
        Log(server).ShouldContain(entry => entry.Text == CallbackFailed);
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("hang for ever")]
    public async Task An_interceptor_that_hangs_does_not_keep_the_socket_open(string how)
    {
        await using var server = await StartAsync(
            options => options.SocketInitTimeout = TimeSpan.FromMilliseconds(200));
        using var socket = await server.ConnectAsync();
        await socket.SendAsync(new { type = "connection_init", payload = how });
        (await socket.ReceiveCloseAsync()).ShouldBe((4408, "Connection initialisation timeout"));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/graphql-response+json")]
    [InlineData("text/event-stream")]
    public async Task An_interceptor_that_breaks_is_masked(string accept)
    {
        await using var server = await StartAsync();
        server.Http.DefaultRequestHeaders.Add("x-how", "break");
        var response = await server.PostAsync(new { query = "{ one }" }, accept);
        await ShouldBeMaskedAsync(response, server);
    }

    [Fact]
    public async Task An_interceptor_that_breaks_before_a_socket_is_accepted_is_masked()
    {
        await using var server = await StartAsync();
        await ShouldBeMaskedAsync(await UpgradeAsync(server, "break"), server);
        var refused = await UpgradeAsync(server, "refuse");
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await refused.Content.ReadAsStringAsync(Cancel.Test)).ShouldBe(
            """{"errors":[{"message":"Who are you?","extensions":{"code":"UNAUTHENTICATED"}}]}""");
    }

    private static async Task ShouldBeMaskedAsync(HttpResponseMessage response, TestServer server)
    {
        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        var text = await response.Content.ReadAsStringAsync(Cancel.Test);
        text.ShouldNotContain("secret");
        var errors = JsonDocument.Parse(text).RootElement.GetProperty("errors");
        CodeOf(errors).ShouldBe(ErrorCodes.Internal);
        var traceId = errors[0].GetProperty("extensions").GetProperty("traceId").GetString()!;
        var entry = Log(server).Single(entry => entry.Level == LogLevel.Error);
        entry.Text.ShouldContain(traceId);
        entry.Exception!.Message.ShouldBe("secret");
    }

    private static string? CodeOf(JsonElement errors) =>
        errors[0].GetProperty("extensions").GetProperty("code").GetString();

    private static Task<HttpResponseMessage> UpgradeAsync(TestServer server, string how)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/graphql");
        request.Headers.Add("connection", "Upgrade");
        request.Headers.Add("upgrade", "websocket");
        request.Headers.Add("sec-websocket-version", "13");
        request.Headers.Add("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        request.Headers.Add("x-how", how);
        return server.Http.SendAsync(request, Cancel.Test);
    }

    private static Task NoSourceIsOpenAsync(TestServer server) => Eventually.HoldsAsync(
        () => server.Services.GetRequiredService<Sources>().Open == 0, "the sources end with the connection");

    private static IReadOnlyCollection<(LogLevel Level, string Text, Exception? Exception)> Log(TestServer server) =>
        server.Services.GetRequiredService<RecordedLog>().Entries;

    private static Task<TestServer> StartAsync(Action<GraphQLOptions>? options = null) => TestServer.StartAsync(
        builder =>
        {
            builder.AddType(typeof(Queries)).AddType(typeof(Subscriptions)).AddInterceptor<Door>();
            builder.Services.AddSingleton<Sources>();
        },
        options);

    public sealed class Sources
    {
        private int open;

        public int Open => Volatile.Read(ref open);

        public void Opened() => Interlocked.Increment(ref open);

        public void Closed() => Interlocked.Decrement(ref open);
    }

    public sealed class Door : GraphQLInterceptor
    {
        public override ValueTask OnRequestAsync(
            HttpContext http, IDictionary<string, object?> state, CancellationToken ct)
        {
            Break(http);
            return ValueTask.CompletedTask;
        }

        public override ValueTask<int?> OnSocketAsync(HttpContext http, CancellationToken ct)
        {
            Break(http);
            return new((int?)null);
        }

        public override async ValueTask<ConnectResult> OnConnectAsync(
            HttpContext http, JsonElement? payload, IDictionary<string, object?> state, CancellationToken ct)
        {
            if (payload is { ValueKind: JsonValueKind.String } how)
                await Task.Delay(Timeout.Infinite, how.GetString() == "hang" ? ct : CancellationToken.None);
            return ConnectResult.Accept(CancellationToken.None);
        }

        private static void Break(HttpContext http)
        {
            switch ((string?)http.Request.Headers["x-how"])
            {
                case "break":
                    throw new InvalidOperationException("secret");
                case "refuse":
                    throw new GraphQLException("Who are you?", "UNAUTHENTICATED");
            }
        }
    }

    [QueryType]
    public static class Queries
    {
        public static int One() => 1;

        public static async Task<int> FragileAsync(CancellationToken ct)
        {
            ct.Register(() => throw new InvalidOperationException("a callback"));
            await Task.Delay(Timeout.Infinite, ct);
            return 1;
        }
    }

    [SubscriptionType]
    public static class Subscriptions
    {
        public static async IAsyncEnumerable<int> OpenFragile([EnumeratorCancellation] CancellationToken ct)
        {
            // That is how it happens: a source of tokens that is disposed before its callback runs.
            var inner = new CancellationTokenSource();
            ct.Register(inner.Cancel);
            inner.Dispose();
            yield return 1;
            await Task.Delay(Timeout.Infinite, ct);
        }

        [Subscribe(With = nameof(OpenFragile))]
        public static int Fragile([EventMessage] int number) => number;

        public static async IAsyncEnumerable<int> OpenIdle(
            Sources sources, [EnumeratorCancellation] CancellationToken ct)
        {
            sources.Opened();
            try
            {
                yield return 1;
                await Task.Delay(Timeout.Infinite, ct);
            }
            finally
            {
                sources.Closed();
            }
        }

        [Subscribe(With = nameof(OpenIdle))]
        public static int Idle([EventMessage] int number) => number;
    }
}
