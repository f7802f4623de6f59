using Microsoft.Extensions.Logging;

namespace Chat.GraphQL.Tests.Execution;

/// <summary>
/// Specification 6.4.4 and 7.1.2: errors have a place, bubble to the next nullable field, and tell no secrets.
/// </summary>
public sealed class ErrorTests
{
    [Fact]
    public async Task Expected_errors_have_code_location_path_and_extensions()
    {
        await using var server = Server();
        (await server.TextAsync("{\n  alias: expected\n}")).ShouldBe(
                "{\"data\":{\"alias\":null},\"errors\":[{\"message\":\"not for you\",\"locations\":[{\"line\":2," +
                "\"column\":3}],\"path\":[\"alias\"],\"extensions\":{\"code\":\"FORBIDDEN\",\"field\":\"secret\"," +
                "\"retryAfterMs\":12,\"final\":true,\"none\":null}}]}");
        server.Log.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Other_exceptions_are_masked_and_logged_once()
    {
        await using var server = Server();
        var response = await server.ExecuteAsync("{ a: broken }");
        var extensions = response.GetProperty("errors")[0].GetProperty("extensions");
        response.GetRawText().ShouldNotContain("password");
        var entry = server.Log.Entries.ShouldHaveSingleItem();
        entry.Level.ShouldBe(LogLevel.Error);
        entry.Exception!.Message.ShouldContain("password");
        entry.Text.ShouldContain(extensions.GetProperty("traceId").GetString()!);
    }

    [Fact]
    public async Task Errors_of_items_have_their_index_in_the_path()
    {
        await using var server = Server();
        var response = await server.ExecuteAsync("{ nodes { name list { bad } } }");
        response.GetProperty("data").GetProperty("nodes")[1].GetRawText().ShouldBe(
            """{"name":"1","list":[{"bad":null},{"bad":null}]}""");
        var errors = response.GetProperty("errors").EnumerateArray();
        errors.Select(error => error.GetProperty("path").GetRawText()).ShouldBe(
        [
            """["nodes",0,"list",0,"bad"]""", """["nodes",0,"list",1,"bad"]""",
            """["nodes",1,"list",0,"bad"]""", """["nodes",1,"list",1,"bad"]""",
        ]);
    }

    [Theory]
    [InlineData("{ nodes { must } }", """{"data":{"nodes":[{"must":"0"},null]}""")]
    [InlineData("{ must: node { deep { must } name } }", """{"data":{"must":null}""")]
    [InlineData("{ strict { must } nodes { name } }", """{"data":null""")]
    [InlineData("{ numbers }", """{"data":{"numbers":[["1"],null]}""")]
    [InlineData("{ strictNumbers }", """{"data":{"strictNumbers":null}""")]
    public async Task A_null_in_a_non_null_place_bubbles_to_the_next_nullable_one(string query, string start)
    {
        await using var server = Server();
        var text = await server.TextAsync(query);
        text.ShouldStartWith(start);
        text.ShouldContain("Cannot return null for non-nullable field");
    }

    [Fact]
    public async Task A_filter_may_replace_errors()
    {
        await using var server = InProcess.With(
            builder => builder.AddType(typeof(Queries)).AddType(typeof(Known)).AddErrorFilter<DownFilter>());
        (await server.TextAsync("{ broken }")).ShouldContain(
            "{\"message\":\"Try again.\",\"locations\":[{\"line\":1,\"column\":3}],\"path\":[\"broken\"]," +
            "\"extensions\":{\"code\":\"UNAVAILABLE\"}}");
        server.Log.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_filter_that_throws_costs_no_more_than_the_words_of_the_error()
    {
        await using var server = InProcess.With(
            builder => builder.AddType(typeof(Queries)).AddType(typeof(Known)).AddErrorFilter<BrokenFilter>());
        (await server.TextAsync("{ expected __typename }")).ShouldBe(
            "{\"data\":{\"expected\":null,\"__typename\":\"Query\"},\"errors\":[{\"message\":\"Internal error\"," +
            "\"locations\":[{\"line\":1,\"column\":3}],\"path\":[\"expected\"]," +
            "\"extensions\":{\"code\":\"INTERNAL\",\"traceId\":\"…\"}}]}");
        server.Log.Entries.Select(entry => entry.Exception!.Message).ShouldBe(["filter", "not for you"]);
    }

    [Fact]
    public async Task Values_that_no_type_is_mapped_from_are_bugs()
    {
        await using var server = Server();
        (await server.TextAsync("{ thing { __typename } }")).ShouldContain("\"code\":\"INTERNAL\"");
    }

    [Fact]
    public async Task Numbers_that_JSON_does_not_have_are_errors()
    {
        await using var server = Server();
        (await server.TextAsync("{ notANumber }")).ShouldStartWith("""{"data":{"notANumber":null},"errors":[""");
    }

    private static InProcess Server() => InProcess.Of(typeof(Queries), typeof(NodeFields), typeof(Known));

    public sealed class DownFilter : IErrorFilter
    {
        public GraphQLError OnError(GraphQLError error) => error.Exception is InvalidOperationException
            ? error with { Message = "Try again.", Code = "UNAVAILABLE" }
            : error;
    }

    public sealed class BrokenFilter : IErrorFilter
    {
        public GraphQLError OnError(GraphQLError error) => throw new InvalidOperationException("filter");
    }

    [GraphQLName("Node")]
    public sealed record Node(int Id)
    {
        public string Name => $"{Id}";

        public string Must => Id == 0 ? "0" : null!;
    }

    [UnionType]
    public interface IThing;

    [ObjectType]
    public sealed record Known(int A) : IThing;

    private sealed record Unknown(int A) : IThing;

    [QueryType]
    public static class Queries
    {
        public static string? Expected()
        {
            var extensions = new Dictionary<string, object?>
            {
                ["field"] = "secret",
                ["retryAfterMs"] = 12,
                ["final"] = true,
                ["none"] = null,
            };
            throw new GraphQLException("not for you", "FORBIDDEN", extensions);
        }

        public static string? Broken() => throw new InvalidOperationException("password=123");

        public static IReadOnlyList<Node?> Nodes() => [new(0), new(1)];

        public static Node? Node() => new(1);

        public static Node Strict() => new(1);

        public static IReadOnlyList<IReadOnlyList<string>?> Numbers() => [["1"], [null!]];

        public static IReadOnlyList<IReadOnlyList<string>>? StrictNumbers() => [["1"], [null!]];

        public static IThing? Thing() => new Unknown(1);

        public static double? NotANumber() => double.NaN;
    }

    [ObjectType<Node>]
    public static class NodeFields
    {
        public static IReadOnlyList<Node> List([Parent] Node node) => [node, node];

        public static string? Bad() => throw new GraphQLException("bad", "BAD");

        public static Task<Node> Deep([Parent] Node node) => Task.FromResult(node);
    }
}
