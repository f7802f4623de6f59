using System.Net;
using System.Text.Json;

namespace Chat.GraphQL.Tests.Transport;

/// <summary>The GraphiQL page and the schema's text.</summary>
public sealed class IdeTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("graphiql").FullName;

    [Fact]
    public async Task Browsers_get_the_page_with_a_strict_policy()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "index.html"), "<h1>hi</h1>", Cancel.Test);
        Directory.CreateDirectory(Path.Combine(folder, "assets"));
        await File.WriteAllTextAsync(Path.Combine(folder, "assets", "main-1.js"), "1", Cancel.Test);
        await using var server = await StartAsync();
        var page = await GetAsync(server, "/graphql", "text/html,application/xhtml+xml");
        (await page.Content.ReadAsStringAsync()).ShouldBe("<h1>hi</h1>");
        page.Content.Headers.ContentType!.ToString().ShouldBe("text/html");
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldNotContain("http:");
        policy.ShouldNotContain("https:");
        policy.ShouldNotContain("*");
        policy.ShouldNotContain("unsafe-eval");
        policy.Split(';').Single(part => part.Contains("script-src", StringComparison.Ordinal))
            .ShouldNotContain("unsafe");
        foreach (var part in new[]
        {
            "base-uri 'none';", "form-action 'none';", "frame-ancestors 'none'",
            "script-src 'self';", "worker-src 'self' blob:;", "style-src 'self' 'unsafe-inline';",
            "connect-src 'self';", "font-src 'self' data:;", "img-src 'self' data:;", "default-src 'none';",
        })
        {
            policy.ShouldContain(part);
        }

        var script = await GetAsync(server, "/graphql/ide/assets/main-1.js", "*/*");
        script.Content.Headers.ContentType!.MediaType.ShouldBe("text/javascript");
        script.Headers.CacheControl!.ToString().ShouldContain("immutable");
    }

    [Fact]
    public async Task The_page_finds_its_files_wherever_it_stands()
    {
        await File.WriteAllTextAsync(
            Path.Combine(folder, "index.html"), "<script src=\"./main-1.js\"></script>", Cancel.Test);
        await File.WriteAllTextAsync(Path.Combine(folder, "main-1.js"), "1", Cancel.Test);
        await using var server = await TestServer.StartAsync(
            builder => builder.AddChat(), options => options.IdePath = folder, "/api/v1/{tenant}");
        foreach (var path in new[] { "/api/v1/acme", "/api/v1/acme/", "/api/v1/a%22b" })
        {
            var page = await (await GetAsync(server, path, "text/html")).Content.ReadAsStringAsync(Cancel.Test);
            var script = page.Split('"')[1];
            script.ShouldBe(path.TrimEnd('/') + "/ide/main-1.js");
            (await GetAsync(server, script, "*/*")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task The_page_is_told_what_the_application_set()
    {
        await File.WriteAllTextAsync(
            Path.Combine(folder, "index.html"), "<meta name=\"graphql-ide\" content=\"{}\" />", Cancel.Test);
        await using var server = await StartAsync(options =>
        {
            options.IdeTitle = "\"><script>";
            options.IdeDocument = "{ a(b: \"./c\") }";
            options.IdeHeaders["x-mine"] = "1";
        });
        var page = await (await GetAsync(server, "/graphql", "text/html")).Content.ReadAsStringAsync(Cancel.Test);

        page.ShouldNotContain("<script");
        var settings = JsonDocument.Parse(WebUtility.HtmlDecode(page.Split('"')[3])).RootElement;
        settings.GetProperty("title").GetString().ShouldBe("\"><script>");
        settings.GetProperty("document").GetString().ShouldBe("{ a(b: \"./c\") }");
        settings.GetProperty("headers").GetProperty("x-mine").GetString().ShouldBe("1");
    }

    [Fact]
    public async Task The_folder_may_end_with_a_slash()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "main-1.js"), "1", Cancel.Test);
        await using var server = await StartAsync(options => options.IdePath = folder + "/");
        (await GetAsync(server, "/graphql/ide/main-1.js", "*/*")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/graphql/ide/nope.js")]
    [InlineData("/graphql/ide/../secret.txt")]
    [InlineData("/graphql/ide/..%2f..%2fetc%2fpasswd")]
    [InlineData("/graphql/ide/")]
    public async Task Other_files_are_not_found(string path)
    {
        await using var server = await StartAsync();
        (await GetAsync(server, path, "*/*")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Without_the_built_files_it_says_so()
    {
        await using var server = await StartAsync();
        var response = await GetAsync(server, "/graphql", "text/html");
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await response.Content.ReadAsStringAsync()).ShouldBe("The GraphiQL page is not built. The API itself works.");
    }

    [Fact]
    public async Task It_can_be_switched_off()
    {
        await using var server = await StartAsync(options => options.Ide = false);
        (await GetAsync(server, "/graphql", "text/html")).StatusCode.ShouldBe(HttpStatusCode.NotAcceptable);
        (await GetAsync(server, "/graphql/ide/index.html", "text/html")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_schema_is_sent_again_only_when_it_has_changed()
    {
        await using var server = await StartAsync();
        var first = await GetAsync(server, "/graphql/schema.graphql", "*/*");
        var tag = first.Headers.ETag!;
        foreach (var known in new[] { tag.ToString(), tag.Tag, $"\"other\", {tag}", "*" })
        {
            var again = await GetAsync(server, "/graphql/schema.graphql", "*/*", known);
            again.StatusCode.ShouldBe(HttpStatusCode.NotModified, known);
            again.Headers.ETag.ShouldBe(tag);
            (await again.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        }

        (await GetAsync(server, "/graphql/schema.graphql", "*/*", "\"other\"")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var other = await TestServer.StartAsync(builder => builder.AddType(typeof(OtherQueries)));
        (await GetAsync(other, "/graphql/schema.graphql", "*/*")).Headers.ETag.ShouldNotBe(tag);
    }

    [Fact]
    public async Task The_schema_is_served_as_text_unless_introspection_is_off()
    {
        await using var server = await StartAsync();
        (await server.Http.GetStringAsync("/graphql/schema.graphql", Cancel.Test))
            .ShouldStartWith("type Query {");
        await using var closed = await StartAsync(options => options.Introspection = false);
        (await GetAsync(closed, "/graphql/schema.graphql", "*/*")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Task<TestServer> StartAsync(Action<GraphQLOptions>? configure = null) => TestServer.StartAsync(
        builder => builder.AddChat(),
        options =>
        {
            options.IdePath = folder;
            configure?.Invoke(options);
        });

    private static Task<HttpResponseMessage> GetAsync(
        TestServer server, string path, string accept, string? known = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (known is not null)
            request.Headers.Add("if-none-match", known);
        request.Headers.Add("accept", accept);
        return server.Http.SendAsync(request, Cancel.Test);
    }

    [QueryType]
    public static class OtherQueries
    {
        public static int Answer() => 42;
    }
}
