using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL.Tests.Transport;

/// <summary>graphql-sse, single connection mode: one event stream for many operations.</summary>
public sealed class SharedStreamTests
{
    private const string TokenHeader = "x-graphql-event-stream-token";
    private const string Hang = "subscription { ticks(count: 1, hang: true) }";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Operations_share_a_stream_and_are_told_apart_by_their_ids()
    {
        await using var server = await StartAsync();
        var token = await ReserveAsync(server);
        token.Length.ShouldBe(64);
        (await ReserveAsync(server)).ShouldNotBe(token);
        using var stream = await OpenAsync(server, token);
        (await ExecuteAsync(server, token, "a", "subscription { ticks(count: 1) }")).StatusCode
            .ShouldBe(HttpStatusCode.Accepted);
        (await stream.NextAsync()).GetRawText().ShouldBe("""{"id":"a","payload":{"data":{"ticks":"1"}}}""");
        await stream.CompleteAsync("a");
        // The id is free as soon as the client hears that its operation is complete.
        (await ExecuteAsync(server, token, "a", "{ hello }")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await stream.NextAsync()).GetRawText().ShouldBe("""{"id":"a","payload":{"data":{"hello":"hello"}}}""");
        await stream.CompleteAsync("a");
    }

    [Fact]
    public async Task An_id_that_is_too_long_is_refused()
    {
        await using var server = await StartAsync(options => options.MaxOperationIdChars = 10);
        var token = await ReserveAsync(server);
        (await ExecuteAsync(server, token, new string('i', 10), "{ hello }")).StatusCode
            .ShouldBe(HttpStatusCode.Accepted);
        await ShouldBeAsync(
            await ExecuteAsync(server, token, new string('i', 11), "{ hello }"), HttpStatusCode.BadRequest,
            ErrorCodes.OperationIdTooLong);
    }

    [Fact]
    public async Task The_token_may_be_a_parameter_because_an_EventSource_sends_no_headers()
    {
        await using var server = await StartAsync();
        var token = await ReserveAsync(server);
        using var stream = await TestEventStream.OpenAsync(
            server, new HttpRequestMessage(HttpMethod.Get, "/graphql?token=" + token));
        var response = await server.Http.GetAsync(
            $"/graphql?token={token}&query={{hello}}&extensions={{\"operationId\":\"1\"}}", Cancel.Test);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await stream.NextAsync()).GetProperty("id").GetString().ShouldBe("1");
    }

    [Fact]
    public async Task What_comes_before_the_stream_starts_with_it()
    {
        await using var server = await StartAsync();
        var token = await ReserveAsync(server);
        (await ExecuteAsync(server, token, "a", Hang)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await ExecuteAsync(server, token, "b", "{ hello }")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await StopAsync(server, token, "b")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var sources = server.Services.GetRequiredService<EventStreamTests.Sources>();
        sources.Given.ShouldBe(0, "nobody reads yet");
        using var stream = await OpenAsync(server, token);
        (await stream.NextAsync()).GetProperty("id").GetString().ShouldBe("a");
        sources.Given.ShouldBe(1);
        (await ExecuteAsync(server, token, "c", "{ hello }")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await stream.NextAsync()).GetProperty("id").GetString().ShouldBe("c", "b was stopped before it began");
    }

    [Fact]
    public async Task An_operation_is_stopped_and_its_source_ends()
    {
        await using var server = await StartAsync();
        var token = await ReserveAsync(server);
        using var stream = await OpenAsync(server, token);
        await ExecuteAsync(server, token, "a", Hang);
        await stream.NextAsync();
        (await StopAsync(server, token, "a")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var sources = server.Services.GetRequiredService<EventStreamTests.Sources>();
        await sources.Ended.Task.WaitAsync(Patience, Cancel.Test);
        await ExecuteAsync(server, token, "a", "{ hello }");
        (await stream.NextAsync()).GetProperty("payload").GetRawText().ShouldBe("""{"data":{"hello":"hello"}}""");
        (await StopAsync(server, token, "never was")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await StopAsync(server, token, "")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_token_that_means_nothing_is_not_found()
    {
        await using var server = await StartAsync();
        foreach (var token in new[] { "nope", new string('0', 64) })
        {
            using var stream = await OpenAsync(server, token);
            await ShouldBeAsync(stream.Response, HttpStatusCode.NotFound, "EVENT_STREAM_NOT_FOUND");
            await ShouldBeAsync(
                await ExecuteAsync(server, token, "a", "{ hello }"), HttpStatusCode.NotFound, "EVENT_STREAM_NOT_FOUND");
            await ShouldBeAsync(
                await StopAsync(server, token, "a"), HttpStatusCode.NotFound, "EVENT_STREAM_NOT_FOUND");
        }

        var response = await server.Http.DeleteAsync("/graphql?operationId=a", Cancel.Test);
        await ShouldBeAsync(response, HttpStatusCode.NotFound, "EVENT_STREAM_NOT_FOUND");
    }

    [Fact]
    public async Task A_stream_is_open_once_and_an_id_is_used_once()
    {
        await using var server = await StartAsync();
        var token = await ReserveAsync(server);
        using var stream = await OpenAsync(server, token);
        using var second = await OpenAsync(server, token);
        await ShouldBeAsync(second.Response, HttpStatusCode.Conflict, "EVENT_STREAM_IS_OPEN");
        await ExecuteAsync(server, token, "a", Hang);
        await ShouldBeAsync(
            await ExecuteAsync(server, token, "a", Hang), HttpStatusCode.Conflict, "OPERATION_ID_IN_USE");
        (await stream.NextAsync()).GetProperty("id").GetString().ShouldBe("a", "the first of each goes on");
    }

    [Theory]
    [InlineData("{ nope }", HttpStatusCode.BadRequest, ErrorCodes.ValidationFailed)]
    [InlineData("{ ", HttpStatusCode.BadRequest, ErrorCodes.ParseFailed)]
    public async Task An_operation_that_cannot_run_is_refused_at_once_and_its_id_is_free(
        string query, HttpStatusCode status, string code)
    {
        await using var server = await StartAsync();
        var token = await ReserveAsync(server);
        await ShouldBeAsync(await ExecuteAsync(server, token, "a", query), status, code);
        (await ExecuteAsync(server, token, "a", "{ hello }")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task An_operation_needs_an_id_and_a_mutation_a_post()
    {
        await using var server = await StartAsync();
        var token = await ReserveAsync(server);
        await ShouldBeAsync(
            await ExecuteAsync(server, token, null, "{ hello }"), HttpStatusCode.BadRequest, "BAD_REQUEST");
        var response = await server.Http.GetAsync(
            $"/graphql?token={token}&query=mutation{{rename}}&extensions={{\"operationId\":\"1\"}}", Cancel.Test);
        response.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task The_operations_of_a_stream_are_counted()
    {
        await using var server = await StartAsync(options => options.MaxOperationsPerSocket = 2);
        var token = await ReserveAsync(server);
        using var stream = await OpenAsync(server, token);
        (await ExecuteAsync(server, token, "a", Hang)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await ExecuteAsync(server, token, "b", Hang)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await ShouldBeAsync(
            await ExecuteAsync(server, token, "c", Hang), HttpStatusCode.TooManyRequests, "TOO_MANY_OPERATIONS");
        await StopAsync(server, token, "a");
        (await ExecuteAsync(server, token, "c", Hang)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Streams_are_counted_until_their_client_leaves()
    {
        await using var server = await StartAsync(options => options.MaxEventStreams = 1);
        var token = await ReserveAsync(server);
        await ShouldBeAsync(await PutAsync(server), HttpStatusCode.ServiceUnavailable, "TOO_MANY_EVENT_STREAMS");
        using (var stream = await OpenAsync(server, token))
        {
            await ExecuteAsync(server, token, "a", Hang);
            await stream.NextAsync();
        }

        var sources = server.Services.GetRequiredService<EventStreamTests.Sources>();
        await sources.Ended.Task.WaitAsync(Patience, Cancel.Test);
        await EventuallyAsync(async () => (await PutAsync(server)).StatusCode == HttpStatusCode.Created);
        using var late = await OpenAsync(server, token);
        late.Response.StatusCode.ShouldBe(HttpStatusCode.NotFound, "a token is good for one stream");
    }

    [Fact]
    public async Task A_reservation_that_nobody_comes_for_ends()
    {
        await using var server = await StartAsync(
            options => options.StreamReservationTimeout = TimeSpan.FromMilliseconds(100));
        var token = await ReserveAsync(server);
        var streams = server.Services.GetRequiredService<SharedStreams>();
        await EventuallyAsync(() => Task.FromResult(streams.Count == 0));
        await ShouldBeAsync(
            await ExecuteAsync(server, token, "a", "{ hello }"), HttpStatusCode.NotFound, "EVENT_STREAM_NOT_FOUND");
    }

    [Fact]
    public async Task An_open_stream_outlives_the_time_of_its_reservation()
    {
        await using var server = await StartAsync(options =>
        {
            options.StreamReservationTimeout = TimeSpan.FromSeconds(3);
            options.StreamKeepAliveInterval = TimeSpan.FromMilliseconds(900);
        });
        var token = await ReserveAsync(server);
        using var stream = await OpenAsync(server, token);
        for (var i = 0; i < 6; i++)
            await stream.CommentAsync();
        await ExecuteAsync(server, token, "a", "{ hello }");
        (await stream.NextAsync()).GetProperty("id").GetString().ShouldBe("a");
    }

    [Fact]
    public async Task An_operation_runs_as_who_sent_it_and_ends_with_their_session()
    {
        await using var server = await StartAsync();
        (await PutAsync(server, "refuse")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var token = await ReserveAsync(server);
        using var stream = await OpenAsync(server, token);
        (await ExecuteAsync(server, token, "a", "{ whoAmI }", "ann")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await stream.NextAsync()).GetProperty("payload").GetRawText().ShouldBe("""{"data":{"whoAmI":"ann"}}""");
        await stream.CompleteAsync("a");
        (await ExecuteAsync(server, token, "b", "{ whoAmI }", "refuse")).StatusCode
            .ShouldBe(HttpStatusCode.Unauthorized);

        await ExecuteAsync(server, token, "c", Hang, "ann");
        await stream.NextAsync();
        await server.Services.GetRequiredService<EventStreamTests.Sources>().Session.CancelAsync();
        (await stream.NextAsync()).GetRawText().ShouldBe(
            "{\"id\":\"c\",\"payload\":{\"errors\":[{\"message\":\"The session has ended.\"," +
            "\"extensions\":{\"code\":\"SESSION_ENDED\"}}]}}");
        await stream.CompleteAsync("c");
    }

    [Fact]
    public async Task Streams_end_when_the_server_stops()
    {
        await using var server = await StartAsync();
        var token = await ReserveAsync(server);
        using var stream = await OpenAsync(server, token);
        await ExecuteAsync(server, token, "a", Hang);
        await stream.NextAsync();
        await server.StopAsync().WaitAsync(Patience, Cancel.Test);
        (await stream.ReadAsync()).ShouldBeNull();
    }

    private static async Task ShouldBeAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var text = await response.Content.ReadAsStringAsync(Cancel.Test);
        response.StatusCode.ShouldBe(status, text);
        JsonDocument.Parse(text).RootElement.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code")
            .GetString().ShouldBe(code);
    }

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
            await Task.Delay(10, patience.Token);
    }

    private static async Task<string> ReserveAsync(TestServer server)
    {
        var response = await PutAsync(server);
        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        return await response.Content.ReadAsStringAsync(Cancel.Test);
    }

    private static Task<HttpResponseMessage> PutAsync(TestServer server, string? caller = null) =>
        SendAsync(server, new HttpRequestMessage(HttpMethod.Put, "/graphql"), null, caller);

    private static Task<TestEventStream> OpenAsync(TestServer server, string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/graphql");
        request.Headers.Add(TokenHeader, token);
        return TestEventStream.OpenAsync(server, request);
    }

    private static Task<HttpResponseMessage> ExecuteAsync(
        TestServer server, string token, string? operationId, string query, string? caller = null) => SendAsync(
        server,
        new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Content = JsonContent.Create(new { query, extensions = new { operationId } }),
        },
        token,
        caller);

    private static Task<HttpResponseMessage> StopAsync(TestServer server, string token, string operationId) =>
        SendAsync(
            server, new HttpRequestMessage(HttpMethod.Delete, "/graphql?operationId=" + operationId), token, null);

    private static Task<HttpResponseMessage> SendAsync(
        TestServer server, HttpRequestMessage request, string? token, string? caller)
    {
        if (token is not null)
            request.Headers.Add(TokenHeader, token);
        if (caller is not null)
            request.Headers.Add("x-caller", caller);
        return server.Http.SendAsync(request, Cancel.Test);
    }

    private static Task<TestServer> StartAsync(Action<GraphQLOptions>? configure = null) => TestServer.StartAsync(
        builder =>
        {
            builder.AddType(typeof(Queries)).AddType(typeof(EventStreamTests.Mutations))
                .AddType(typeof(EventStreamTests.Subscriptions)).AddInterceptor<Door>();
            builder.Services.AddSingleton<EventStreamTests.Sources>();
        },
        configure);

    [QueryType]
    public static class Queries
    {
        public static string Hello() => "hello";

        public static string? WhoAmI([GlobalState] string? caller) => caller;
    }

    public sealed class Door(EventStreamTests.Sources sources) : GraphQLInterceptor
    {
        public override ValueTask OnRequestAsync(
            HttpContext http, IDictionary<string, object?> state, CancellationToken ct)
        {
            var caller = (string?)http.Request.Headers["x-caller"];
            if (caller == "refuse")
                throw new GraphQLException("Who are you?", "UNAUTHENTICATED");
            state["caller"] = caller;
            return ValueTask.CompletedTask;
        }

        public override async ValueTask<ConnectResult> OnEventStreamAsync(
            HttpContext http, IDictionary<string, object?> state, CancellationToken ended)
        {
            var result = await base.OnEventStreamAsync(http, state, ended);
            return state["caller"] is null ? result : ConnectResult.Accept(sources.Session.Token);
        }
    }
}
