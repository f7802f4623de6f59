using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL.Tests.Transport;

/// <summary>graphql-sse, distinct connections mode: an event stream for each operation.</summary>
public sealed class EventStreamTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_subscription_is_sent_event_by_event()
    {
        await using var server = await StartAsync();
        using var stream = await OpenAsync(server, "subscription { ticks(count: 2) }");
        stream.Response.StatusCode.ShouldBe(HttpStatusCode.OK);
        stream.Response.Content.Headers.ContentType!.ToString().ShouldBe("text/event-stream; charset=utf-8");
        stream.Response.Headers.CacheControl!.ToString().ShouldContain("no-cache");
        (await stream.NextAsync()).GetRawText().ShouldBe("""{"data":{"ticks":"1"}}""");
        stream.Comments.ShouldBe(1, "browsers see the headers with the first byte");
        (await stream.NextAsync()).GetRawText().ShouldBe("""{"data":{"ticks":"2"}}""");
        await stream.CompleteAsync();
        (await stream.ReadAsync()).ShouldBeNull();
    }

    [Theory]
    [InlineData("query { hello }", """{"data":{"hello":"hello"}}""")]
    [InlineData("mutation { rename }", """{"data":{"rename":"done"}}""")]
    public async Task Other_operations_have_one_result(string query, string expected)
    {
        await using var server = await StartAsync();
        using var stream = await OpenAsync(server, query);
        (await stream.NextAsync()).GetRawText().ShouldBe(expected);
        await stream.CompleteAsync();
    }

    [Fact]
    public async Task An_EventSource_asks_with_get_and_cannot_change_anything()
    {
        await using var server = await StartAsync();
        using var stream = await TestEventStream.OpenAsync(
            server, new HttpRequestMessage(HttpMethod.Get, "/graphql?query=subscription{ticks(count:1)}"));
        (await stream.NextAsync()).GetRawText().ShouldBe("""{"data":{"ticks":"1"}}""");
        using var refused = await TestEventStream.OpenAsync(
            server, new HttpRequestMessage(HttpMethod.Get, "/graphql?query=mutation{rename}"));
        refused.Response.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Theory]
    [InlineData("{ nope }", ErrorCodes.ValidationFailed)]
    [InlineData("{ ", ErrorCodes.ParseFailed)]
    [InlineData("subscription { ticks(count: 0, failAt: 1) }", "GONE")]
    [InlineData("subscription { ticks(count: 0, failAt: 2) }", ErrorCodes.Internal)]
    public async Task Errors_are_results_because_the_protocol_has_no_event_for_them(string query, string code)
    {
        await using var server = await StartAsync();
        using var stream = await OpenAsync(server, query);
        (await stream.NextAsync()).GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString()
            .ShouldBe(code);
        await stream.CompleteAsync();
    }

    [Theory]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("{", HttpStatusCode.BadRequest)]
    [InlineData("{}", HttpStatusCode.BadRequest)]
    public async Task What_is_no_request_has_no_stream(string body, HttpStatusCode status)
    {
        await using var server = await StartAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        };
        using var stream = await TestEventStream.OpenAsync(server, request);
        stream.Response.StatusCode.ShouldBe(status);
        stream.Response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
    }

    [Fact]
    public async Task A_silent_stream_is_kept_alive()
    {
        await using var server = await StartAsync(
            options => options.StreamKeepAliveInterval = TimeSpan.FromMilliseconds(20));
        using var stream = await OpenAsync(server, "subscription { ticks(count: 0, hang: true) }");
        for (var i = 0; i < 4; i++)
            await stream.CommentAsync();
    }

    [Fact]
    public async Task The_source_ends_when_the_client_leaves()
    {
        await using var server = await StartAsync();
        var sources = server.Services.GetRequiredService<Sources>();
        using (var stream = await OpenAsync(server, "subscription { ticks(count: 1, hang: true) }"))
            await stream.NextAsync();
        await sources.Ended.Task.WaitAsync(Patience, Cancel.Test);
    }

    [Fact]
    public async Task Nothing_is_asked_of_the_source_for_a_client_that_does_not_read()
    {
        await using var server = await StartAsync();
        using var stream = await OpenAsync(server, "subscription { ticks(count: 100000, long: true) }");
        await stream.NextAsync();
        var sources = server.Services.GetRequiredService<Sources>();
        // The network takes some megabytes; then the source stands still.
        var given = -1;
        while (given != sources.Given)
        {
            given = sources.Given;
            await Task.Delay(500, Cancel.Test);
        }

        given.ShouldBeLessThan(50_000);
    }

    [Fact]
    public async Task A_client_that_takes_too_long_is_dropped()
    {
        await using var server = await StartAsync(
            options => options.SocketSendTimeout = TimeSpan.FromMilliseconds(200));
        using var stream = await OpenAsync(server, "subscription { ticks(count: 1000000, long: true) }");
        await stream.NextAsync();
        var sources = server.Services.GetRequiredService<Sources>();
        await sources.Ended.Task.WaitAsync(Patience, Cancel.Test);
        sources.Given.ShouldBeLessThan(1_000_000);
    }

    [Fact]
    public async Task Streams_end_when_the_server_stops()
    {
        await using var server = await StartAsync();
        using var stream = await OpenAsync(server, "subscription { ticks(count: 1, hang: true) }");
        await stream.NextAsync();
        await server.StopAsync().WaitAsync(Patience, Cancel.Test);
        (await stream.ReadAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task An_interceptor_lets_operations_in_and_ends_them()
    {
        await using var server = await StartAsync();
        using var refused = await OpenAsync(server, "{ hello }", "refuse");
        refused.Response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var rejected = await OpenAsync(server, "{ hello }", "reject");
        rejected.Response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        using var stream = await OpenAsync(server, "subscription { ticks(count: 1, hang: true) }", "ann");
        (await stream.NextAsync()).GetRawText().ShouldBe("""{"data":{"ticks":"1"}}""");
        var sessions = server.Services.GetRequiredService<Sources>();
        await sessions.Session.CancelAsync();
        (await stream.NextAsync()).GetRawText().ShouldBe(
            """{"errors":[{"message":"The session has ended.","extensions":{"code":"SESSION_ENDED"}}]}""");
        await stream.CompleteAsync();
        await sessions.OperationEnded.Task.WaitAsync(Patience, Cancel.Test);
    }

    private static Task<TestEventStream> OpenAsync(TestServer server, string query, string? caller = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Content = JsonContent.Create(new { query }),
        };
        if (caller is not null)
            request.Headers.Add("x-caller", caller);
        return TestEventStream.OpenAsync(server, request);
    }

    private static Task<TestServer> StartAsync(Action<GraphQLOptions>? configure = null) => TestServer.StartAsync(
        builder =>
        {
            builder.AddType(typeof(Queries)).AddType(typeof(Mutations)).AddType(typeof(Subscriptions))
                .AddInterceptor<Door>();
            builder.Services.AddSingleton<Sources>();
        },
        configure);

    public sealed class Sources
    {
        private int given;

        public int Given => Volatile.Read(ref given);

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource OperationEnded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationTokenSource Session { get; } = new();

        public void Give() => Interlocked.Increment(ref given);
    }

    public sealed class Door(Sources sources) : GraphQLInterceptor
    {
        public override ValueTask<ConnectResult> OnEventStreamAsync(
            HttpContext http, IDictionary<string, object?> state, CancellationToken ended)
        {
            ended.Register(() => sources.OperationEnded.TrySetResult());
            return (string?)http.Request.Headers["x-caller"] switch
            {
                "refuse" => throw new GraphQLException("Who are you?", "UNAUTHENTICATED"),
                "reject" => new ValueTask<ConnectResult>(ConnectResult.Reject()),
                "ann" => new ValueTask<ConnectResult>(ConnectResult.Accept(sources.Session.Token)),
                _ => base.OnEventStreamAsync(http, state, ended),
            };
        }
    }

    [QueryType]
    public static class Queries
    {
        public static string Hello() => "hello";
    }

    [MutationType]
    public static class Mutations
    {
        public static string Rename() => "done";
    }

    [SubscriptionType]
    public static class Subscriptions
    {
        private static readonly string Filling = new('x', 10_000);

        public static async IAsyncEnumerable<string> SubscribeToTicks(
            int count, Sources sources, [EnumeratorCancellation] CancellationToken ct, int? failAt = null,
            bool hang = false, bool @long = false)
        {
            try
            {
                for (var i = 1; i <= count; i++)
                {
                    await Task.Yield();
                    ct.ThrowIfCancellationRequested();
                    sources.Give();
                    yield return @long ? Filling : i.ToString(System.Globalization.CultureInfo.InvariantCulture);
                }

                if (failAt == 1)
                    throw new GraphQLException("gone", "GONE");
                if (failAt is not null)
                    throw new InvalidOperationException("a bug");
                if (hang)
                    await Task.Delay(Timeout.Infinite, ct);
            }
            finally
            {
                sources.Ended.TrySetResult();
            }
        }

        [Subscribe(With = nameof(SubscribeToTicks))]
        public static string Ticks([EventMessage] string tick) => tick;
    }
}
