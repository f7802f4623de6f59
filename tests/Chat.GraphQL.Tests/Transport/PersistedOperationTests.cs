using System.Net;
using System.Text.Json;

namespace Chat.GraphQL.Tests.Transport;

/// <summary>Documents that clients name instead of sending them, over every transport.</summary>
public sealed class PersistedOperationTests
{
    private const string Text = "query Q($n: String) { hello(name: $n) }";
    private const string New = "application/graphql-response+json";

    private static readonly string Hash = PersistedOperationSet.HashOf(Text);

    [Fact]
    public void The_hash_is_that_of_the_specification() =>
        PersistedOperationSet.HashOf("query ($id: ID!) {\n  user(id: $id) {\n    name\n  }\n}")
            .ShouldBe("7dba4bd717b41f10434822356a93c32b1fb4907b983e854300ad839f84cdcd6e");

    [Fact]
    public async Task A_stored_document_is_executed_by_its_id_or_hash()
    {
        await using var server = await StartAsync(With("greeting"));
        object[] requests =
        [
            new { documentId = "greeting", variables = new { n = "x" } },
            new { id = "greeting", variables = new { n = "x" }, operationName = "Q" },
            new { documentId = "sha256:" + Hash, variables = new { n = "x" } },
            new { documentId = Hash, variables = new { n = "x" } },
            new { extensions = ByHash(Hash), variables = new { n = "x" } },
        ];
        foreach (var request in requests)
            (await TextOf(await server.PostAsync(request))).ShouldBe("""{"data":{"hello":"hello x"}}""");
        foreach (var query in new[]
        {
            "documentId=greeting&variables={\"n\":\"x\"}", "id=greeting&variables={\"n\":\"x\"}",
            $"extensions={JsonSerializer.Serialize(ByHash(Hash))}&variables={{\"n\":\"x\"}}",
        })
        {
            (await server.Http.GetStringAsync("/graphql?" + query, Cancel.Test))
                .ShouldBe("""{"data":{"hello":"hello x"}}""");
        }
    }

    [Fact]
    public async Task A_stored_mutation_is_not_executed_by_get()
    {
        await using var server = await StartAsync(new PersistedOperationSet(
            new Dictionary<string, string> { ["m"] = "mutation { createRoom(input: {name: \"x\"}) { errors } }" }));
        (await server.Http.GetAsync("/graphql?documentId=m", Cancel.Test)).StatusCode
            .ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task An_unknown_id_is_one_error()
    {
        await using var server = await StartAsync(With("greeting"));
        var response = await server.PostAsync(new { documentId = "../greeting" }, New);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await TextOf(response)).ShouldBe(
            "{\"errors\":[{\"message\":\"No operation is stored under this id.\"," +
            "\"extensions\":{\"code\":\"PERSISTED_QUERY_NOT_FOUND\"}}]}");
    }

    [Fact]
    public async Task Where_only_stored_documents_run_no_text_does_over_any_transport()
    {
        await using var server = await StartAsync(
            With("greeting"), options =>
            {
                options.OnlyPersistedOperations = true;
                options.AutomaticPersistedQueries = true;
            });
        (await CodeOf(await server.PostAsync(new { query = "{ hello }" }))).ShouldBe("PERSISTED_OPERATIONS_ONLY");
        (await CodeOf(await server.PostAsync(new { query = Text, extensions = ByHash(Hash) })))
            .ShouldBe("PERSISTED_OPERATIONS_ONLY", "also a stored one is named, not sent");
        (await CodeOf(await server.PostAsync(new { query = "{ hello }", documentId = "greeting" })))
            .ShouldBe("PERSISTED_OPERATIONS_ONLY");
        (await CodeOf(await server.PostAsync(new { extensions = ByHash(PersistedOperationSet.HashOf("{ hello }")) })))
            .ShouldBe("PERSISTED_QUERY_NOT_FOUND", "nothing was registered");
        (await CodeOf(await server.Http.GetAsync("/graphql?query={hello}", Cancel.Test)))
            .ShouldBe("PERSISTED_OPERATIONS_ONLY");
        (await TextOf(await server.PostAsync(new { documentId = "greeting" }))).ShouldContain("hello world");

        using var socket = await server.ConnectAsync();
        await socket.InitAsync();
        await socket.SubscribeAsync("1", "{ hello }");
        (await socket.ReceiveAsync()).GetProperty("payload")[0].GetProperty("extensions").GetProperty("code")
            .GetString().ShouldBe("PERSISTED_OPERATIONS_ONLY");
        await socket.SendAsync(new { id = "2", type = "subscribe", payload = new { documentId = "greeting" } });
        (await socket.ReceiveAsync()).GetProperty("payload").GetRawText()
            .ShouldBe("""{"data":{"hello":"hello world"}}""");

        using var refused = await TestEventStream.OpenAsync(server, Post(new { query = "{ hello }" }));
        (await refused.NextAsync()).GetProperty("errors")[0].GetProperty("extensions").GetProperty("code")
            .GetString().ShouldBe("PERSISTED_OPERATIONS_ONLY");
        using var stream = await TestEventStream.OpenAsync(server, Post(new { documentId = "greeting" }));
        (await stream.NextAsync()).GetRawText().ShouldBe("""{"data":{"hello":"hello world"}}""");
    }

    [Fact]
    public async Task Clients_register_documents_under_their_hashes()
    {
        await using var server = await StartAsync(null, options => options.AutomaticPersistedQueries = true);
        var unknown = await server.PostAsync(new { extensions = ByHash(Hash) });
        (await TextOf(unknown)).ShouldBe(
            "{\"errors\":[{\"message\":\"PersistedQueryNotFound\"," +
            "\"extensions\":{\"code\":\"PERSISTED_QUERY_NOT_FOUND\"}}]}");
        (await CodeOf(await server.PostAsync(new { query = "{ hello }", extensions = ByHash(Hash) })))
            .ShouldBe("PERSISTED_QUERY_HASH_MISMATCH");
        (await CodeOf(await server.PostAsync(new { extensions = ByHash(Hash) })))
            .ShouldBe("PERSISTED_QUERY_NOT_FOUND", "a wrong hash registers nothing");

        var upper = Hash.ToUpperInvariant();
        (await TextOf(await server.PostAsync(new { query = Text, extensions = ByHash(upper) }))).ShouldContain("world");
        (await TextOf(await server.PostAsync(new { extensions = ByHash(Hash) }))).ShouldContain("world");
    }

    [Fact]
    public async Task What_is_not_valid_is_not_registered()
    {
        await using var server = await StartAsync(null, options => options.AutomaticPersistedQueries = true);
        var hash = PersistedOperationSet.HashOf("{ nope }");
        (await CodeOf(await server.PostAsync(new { query = "{ nope }", extensions = ByHash(hash) })))
            .ShouldBe(ErrorCodes.ValidationFailed);
        (await CodeOf(await server.PostAsync(new { extensions = ByHash(hash) }))).ShouldBe("PERSISTED_QUERY_NOT_FOUND");
    }

    [Fact]
    public async Task Registered_documents_have_a_bound_in_bytes()
    {
        await using var server = await StartAsync(null, options =>
        {
            options.AutomaticPersistedQueries = true;
            options.MaxPersistedQueryBytes = 2_000;
        });
        var texts = Enumerable.Range(1, 5).Select(i => $"{{ hello(name: \"{new string('x', 100)}{i}\") }}").ToArray();
        foreach (var text in texts)
            await server.PostAsync(new { query = text, extensions = ByHash(PersistedOperationSet.HashOf(text)) });
        var isKept = new List<bool>();
        foreach (var text in texts)
        {
            var response = await server.PostAsync(
                new { extensions = ByHash(PersistedOperationSet.HashOf(text)) });
            isKept.Add((await TextOf(response)).Contains("\"data\"", StringComparison.Ordinal));
        }

        isKept.ShouldBe([false, false, true, true, true]);
    }

    [Fact]
    public async Task A_server_without_stored_documents_says_so()
    {
        await using var server = await StartAsync(null);
        (await TextOf(await server.PostAsync(new { extensions = ByHash(Hash) }))).ShouldBe(
            "{\"errors\":[{\"message\":\"PersistedQueryNotSupported\"," +
            "\"extensions\":{\"code\":\"PERSISTED_QUERY_NOT_SUPPORTED\"}}]}");
        (await TextOf(await server.PostAsync(new { query = Text, extensions = ByHash(Hash) }))).ShouldContain("world");
        (await CodeOf(await server.PostAsync(new { documentId = "greeting" }))).ShouldBe("PERSISTED_QUERY_NOT_FOUND");
    }

    [Theory]
    [InlineData("""{"persistedQuery":{"version":2,"sha256Hash":"HASH"}}""")]
    [InlineData("""{"persistedQuery":{"version":1,"sha256Hash":"abc"}}""")]
    [InlineData("""{"persistedQuery":{"version":1}}""")]
    [InlineData("""{"persistedQuery":{"sha256Hash":"HASH"}}""")]
    [InlineData("""{"persistedQuery":"HASH"}""")]
    public async Task What_is_no_hash_is_a_bad_request(string extensions)
    {
        await using var server = await StartAsync(With("greeting"));
        var response = await server.PostAsync(new
        {
            query = "{ hello }",
            extensions = JsonDocument.Parse(extensions.Replace("HASH", Hash, StringComparison.Ordinal)).RootElement,
        });
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await CodeOf(response)).ShouldBe(ErrorCodes.BadRequest);
    }

    [Fact]
    public async Task A_folder_holds_a_document_in_each_file()
    {
        var folder = Directory.CreateTempSubdirectory("operations");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "greeting.graphql"), Text, Cancel.Test);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "notes.txt"), "none", Cancel.Test);
            var set = PersistedOperationSet.FromFolder(folder.FullName);
            (await set.FindAsync("greeting", Cancel.Test)).ShouldBe(Text);
            (await set.FindAsync(Hash, Cancel.Test)).ShouldBe(Text);
            (await set.FindAsync("notes", Cancel.Test)).ShouldBeNull();
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        Should.Throw<DirectoryNotFoundException>(() => PersistedOperationSet.FromFolder(folder.FullName));
    }

    [Fact]
    public async Task A_store_that_fails_is_masked()
    {
        await using var server = await StartAsync(new BrokenStore());
        var response = await server.PostAsync(new { documentId = "greeting" });
        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        var text = await TextOf(response);
        text.ShouldContain("\"code\":\"INTERNAL\"");
        text.ShouldNotContain("password");
    }

    private static object ByHash(string hash) => new { persistedQuery = new { version = 1, sha256Hash = hash } };

    private static PersistedOperationSet With(string id) =>
        new(new Dictionary<string, string> { [id] = Text, [Hash] = Text });

    private static HttpRequestMessage Post(object body) => new(HttpMethod.Post, "/graphql")
    {
        Content = System.Net.Http.Json.JsonContent.Create(body),
    };

    private static Task<string> TextOf(HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(Cancel.Test);

    private static async Task<string?> CodeOf(HttpResponseMessage response) =>
        JsonDocument.Parse(await TextOf(response)).RootElement
            .GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString();

    private static Task<TestServer> StartAsync(
        IPersistedOperationStore? store, Action<GraphQLOptions>? configure = null) => TestServer.StartAsync(
        builder =>
        {
            builder.AddChat();
            if (store is not null)
                builder.AddPersistedOperations(store);
        },
        configure);

    private sealed class BrokenStore : IPersistedOperationStore
    {
        public ValueTask<string?> FindAsync(string id, CancellationToken ct) =>
            throw new InvalidOperationException("password=123");
    }
}
