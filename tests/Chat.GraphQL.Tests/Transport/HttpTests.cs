using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Chat.GraphQL.Tests.Transport;

/// <summary>GraphQL over HTTP: methods, media types, status codes.</summary>
public sealed class HttpTests(HttpTests.Server server) : IClassFixture<HttpTests.Server>
{
    private const string New = "application/graphql-response+json";

    [Theory]
    [InlineData(null, "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("application/*", "application/json")]
    [InlineData("application/json", "application/json")]
    [InlineData(New, New)]
    [InlineData("application/json;q=0.5, application/graphql-response+json", New)]
    [InlineData("application/graphql-response+json;q=0.1, application/json", "application/json")]
    [InlineData("text/html, application/graphql-response+json", New)]
    [InlineData("*/*, application/graphql-response+json", New)]
    [InlineData("*/*, application/json;q=0", New)]
    [InlineData("application/json;q=0.9, */*;q=0.1, application/graphql-response+json;q=0.2", "application/json")]
    [InlineData("APPLICATION/JSON; charset=utf-8", "application/json")]
    [InlineData("application/graphql-response+json, application/json, text/event-stream", New)]
    [InlineData("application/json, text/event-stream;q=0.9", "application/json")]
    [InlineData("not a media type", "application/json")]
    public async Task The_client_chooses_the_media_type(string? accept, string expected)
    {
        var response = await SendAsync(Post("""{"query":"{ hello }"}""", accept));
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.ToString().ShouldBe($"{expected}; charset=utf-8");
        (await response.Content.ReadAsStringAsync()).ShouldBe("""{"data":{"hello":"hello world"}}""");
    }

    [Fact]
    public async Task A_media_type_that_we_do_not_have_is_not_acceptable()
    {
        foreach (var accept in new[] { "image/png", "application/json;q=0", "text/*", "application/xml, */*;q=0" })
        {
            var response = await SendAsync(Post("""{"query":"{ hello }"}""", accept));
            response.StatusCode.ShouldBe(HttpStatusCode.NotAcceptable, accept);
        }
    }

    [Fact]
    public async Task Batches_are_refused_with_a_code_of_their_own()
    {
        var response = await SendAsync(Post("""[{"query":"{ hello }"}]"""));
        (await response.Content.ReadAsStringAsync()).ShouldBe(
            "{\"errors\":[{\"message\":\"Batches are not supported: send one request at a time.\"," +
            "\"extensions\":{\"code\":\"BATCHING_NOT_SUPPORTED\"}}]}");
    }

    [Theory]
    [InlineData("gzip", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("br", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("identity", HttpStatusCode.OK)]
    public async Task Bodies_are_not_encoded(string encoding, HttpStatusCode status)
    {
        var request = Post("""{"query":"{ hello }"}""");
        request.Content!.Headers.ContentEncoding.Add(encoding);
        var response = await SendAsync(request);
        response.StatusCode.ShouldBe(status);
        if (status != HttpStatusCode.OK)
            response.Headers.GetValues("Accept-Encoding").ShouldBe(["identity"]);
    }

    [Theory]
    [InlineData("""{"query":"{ hello }"}""", 200, 200)]
    [InlineData("""{"query":"{ broken }"}""", 200, 200)]
    [InlineData("""{"query":"{ secret }"}""", 200, 200)]
    [InlineData("""{"query":"{ "}""", 400, 200)]
    [InlineData("""{"query":"{ nope }"}""", 400, 200)]
    [InlineData("""{"query":"query ($i: Int!) { hello rooms(first: $i) { id } }","variables":{"i":"x"}}""", 400, 200)]
    [InlineData("""{"query":"query a { hello } query b { hello }"}""", 400, 200)]
    [InlineData(
        """{"query":"subscription { events(roomId: \"00000001-0000-0000-0000-000000000000\") { position } }"}""",
        400,
        400)]
    [InlineData("""{"query":3}""", 400, 400)]
    [InlineData("""{}""", 400, 400)]
    [InlineData("""[{"query":"{ hello }"}]""", 400, 400)]
    [InlineData("""{"query":"{ hello }","variables":[]}""", 400, 400)]
    [InlineData("""{"query":"{ hello }","operationName":1}""", 400, 400)]
    [InlineData("""{"query":"{ hello }","extensions":"x"}""", 400, 400)]
    [InlineData("""{"query":"{ hello }","variables":null,"operationName":null,"extensions":null}""", 200, 200)]
    [InlineData("""{"query":""", 400, 400)]
    [InlineData("""{"query":"{ hello(name: \"\ud800\") }"}""", 400, 400)]
    [InlineData("", 400, 400)]
    public async Task The_status_depends_on_the_media_type(string body, int status, int legacy)
    {
        var response = await SendAsync(Post(body, New));
        ((int)response.StatusCode).ShouldBe(status);
        var text = await response.Content.ReadAsStringAsync();
        text.ShouldStartWith(status == 200 ? "{\"data\":" : "{\"errors\":[{\"message\":");
        ((int)(await SendAsync(Post(body, "application/json"))).StatusCode).ShouldBe(legacy);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=iso-8859-1")]
    [InlineData(null)]
    public async Task Bodies_are_JSON_and_nothing_that_a_form_can_send(string? contentType)
    {
        var request = Post("""{"query":"{ hello }"}""");
        request.Content!.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        (await SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=UTF-8")]
    [InlineData("application/json; charset=\"utf-8\"")]
    public async Task The_charset_is_UTF_8(string contentType)
    {
        var request = Post("""{"query":"{ hello(name: \"Zoë 😀\") }"}""");
        request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        (await (await SendAsync(request)).Content.ReadAsStringAsync())
            .ShouldBe("""{"data":{"hello":"hello Zoë 😀"}}""");
    }

    [Fact]
    public async Task Queries_may_be_sent_with_get()
    {
        var response = await server.Test.Http.GetAsync(
            "/graphql?query=query+a($n:String){hello(name:$n)}query+b{hello}&variables={\"n\":\"x\"}&operationName=a",
            Cancel.Test);
        (await response.Content.ReadAsStringAsync()).ShouldBe("""{"data":{"hello":"hello x"}}""");
    }

    [Theory]
    [InlineData("?query=mutation{createRoom(input:{name:\"x\"}){errors}}", HttpStatusCode.MethodNotAllowed)]
    [InlineData("?query={hello}&variables=nope", HttpStatusCode.BadRequest)]
    [InlineData("?query={hello}&variables=[]", HttpStatusCode.BadRequest)]
    [InlineData("?query={hello}&extensions=1", HttpStatusCode.BadRequest)]
    [InlineData("?query={hello}&extensions={\"persistedQuery\":1}", HttpStatusCode.BadRequest)]
    [InlineData("", HttpStatusCode.BadRequest)]
    public async Task Nothing_else_may(string query, HttpStatusCode status) =>
        (await server.Test.Http.GetAsync("/graphql" + query, Cancel.Test)).StatusCode.ShouldBe(status);

    [Theory]
    [InlineData("PATCH")]
    [InlineData("QUERY")]
    public async Task Other_methods_are_refused(string method)
    {
        var response = await SendAsync(new HttpRequestMessage(new HttpMethod(method), "/graphql"));
        response.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        response.Content.Headers.Allow.ShouldBe(["GET", "POST", "PUT", "DELETE"]);
    }

    [Fact]
    public async Task Bodies_are_limited()
    {
        var fits = Post($$"""{"query":"{ hello }","x":"{{new string('x', (256 * 1024) - 30)}}"}""");
        (await SendAsync(fits)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var isTooLarge = Post($$"""{"query":"{ hello }","x":"{{new string('x', 256 * 1024)}}"}""");
        var response = await SendAsync(isTooLarge);
        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await response.Content.ReadAsStringAsync()).ShouldContain(ErrorCodes.RequestTooLarge);

        // Without a length the body is counted while it is read.
        var chunked = new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Content = new StreamContent(new MemoryStream(new byte[300 * 1024])),
        };
        chunked.Headers.TransferEncodingChunked = true;
        chunked.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        (await SendAsync(chunked)).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("UNAUTHENTICATED", 401)]
    [InlineData("FORBIDDEN", 403)]
    [InlineData("RATE_LIMITED", 429)]
    [InlineData("OTHER", 400)]
    public async Task An_interceptor_may_refuse_a_request(string code, int status)
    {
        var request = Post("not even JSON");
        request.Headers.Add("x-refuse", code);
        var response = await SendAsync(request);
        ((int)response.StatusCode).ShouldBe(status);
        (await response.Content.ReadAsStringAsync()).ShouldBe(
            $$$"""{"errors":[{"message":"refused","extensions":{"code":"{{{code}}}","after":1}}]}""");
    }

    [Fact]
    public async Task An_interceptor_fills_the_state()
    {
        var request = Post("""{"query":"{ whoAmI }"}""");
        request.Headers.Add("x-caller", "ann");
        (await (await SendAsync(request)).Content.ReadAsStringAsync()).ShouldBe("""{"data":{"whoAmI":"ann"}}""");
    }

    [Fact]
    public async Task Nested_JSON_is_limited()
    {
        var nested = new string('[', 100) + new string(']', 100);
        var body = $$$"""{"query":"{ hello }","variables":{"x":{{{nested}}}}}""";
        (await SendAsync(Post(body))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static HttpRequestMessage Post(string body, string? accept = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("accept", accept);
        return request;
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) =>
        server.Test.Http.SendAsync(request, Cancel.Test);

    public sealed class Server : IAsyncLifetime
    {
        public TestServer Test { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Test = await TestServer.StartAsync(builder => builder.AddChat().AddInterceptor<Door>());

        public ValueTask DisposeAsync() => Test.DisposeAsync();
    }

    public sealed class Door : GraphQLInterceptor
    {
        public override ValueTask OnRequestAsync(
            HttpContext http, IDictionary<string, object?> state, CancellationToken ct)
        {
            if (http.Request.Headers["x-refuse"] is [{ } code])
                throw new GraphQLException("refused", code, new Dictionary<string, object?> { ["after"] = 1 });
            if (http.Request.Headers["x-caller"] is [{ } caller])
                state["caller"] = caller;
            return ValueTask.CompletedTask;
        }
    }
}
