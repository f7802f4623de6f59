using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Chat.GraphQL.Tests.Types;

/// <summary>Scalars of the application: literals, variables, defaults and results.</summary>
public sealed class ScalarTests : IAsyncDisposable
{
    private readonly InProcess server = InProcess.Of(
        typeof(Queries), typeof(AppVersion), typeof(Document), typeof(Small), typeof(Unruly));

    [Theory]
    [InlineData("{ next(version: \"1.2\") }", "{\"data\":{\"next\":\"1.3\"}}")]
    [InlineData("{ next }", "{\"data\":{\"next\":null}}")]
    [InlineData("{ next(version: null) }", "{\"data\":{\"next\":null}}")]
    [InlineData("{ all(versions: [\"1.0\", \"2.0\"]) }", "{\"data\":{\"all\":[\"1.0\",\"2.0\"]}}")]
    [InlineData("{ boxed(input: {version: \"3.4\"}) }", "{\"data\":{\"boxed\":\"3.4\"}}")]
    [InlineData("{ twice }", "{\"data\":{\"twice\":6}}")]
    [InlineData("{ echo(json: {a: [1, 2.5, \"x\", true, null, RED], b: {}}) }",
        "{\"data\":{\"echo\":{\"a\":[1,2.5,\"x\",true,null,\"RED\"],\"b\":{}}}}")]
    [InlineData("{ echo(json: RED) }", "{\"data\":{\"echo\":\"RED\"}}")]
    [InlineData("{ echo(json: 123456789012345678901234567890) }",
        "{\"data\":{\"echo\":123456789012345678901234567890}}")]
    public async Task Literals_are_read_and_results_written(string query, string response) =>
        (await server.TextAsync(query)).ShouldBe(response);

    [Fact]
    public async Task Variables_are_read()
    {
        (await server.TextAsync("query($v: Version) { next(version: $v) }", new { v = "1.2" }))
            .ShouldBe("{\"data\":{\"next\":\"1.3\"}}");
        (await server.TextAsync("query($v: Version = \"4.5\") { next(version: $v) }"))
            .ShouldBe("{\"data\":{\"next\":\"4.6\"}}");
        (await server.TextAsync(
                "query($n: Int, $s: [String!], $no: Int) { echo(json: {n: $n, s: $s, no: $no, in: [$n, $no]}) }",
                new { n = 3, s = new[] { "a" } }))
            .ShouldBe("{\"data\":{\"echo\":{\"n\":3,\"s\":[\"a\"],\"in\":[3,null]}}}");
    }

    /// <summary>JSON of a request is at most 64 deep; a literal may be as deep as a document.</summary>
    [Fact]
    public async Task A_literal_may_be_as_deep_as_a_document()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 97)) + "1" + string.Concat(Enumerable.Repeat("]", 97));
        (await server.TextAsync($"{{ kind(json: {deep}) }}")).ShouldBe("{\"data\":{\"kind\":\"Array\"}}");
        (await server.TextAsync($"{{ next(version: {deep}) }}")).ShouldContain("GRAPHQL_VALIDATION_FAILED");
    }

    [Theory]
    [InlineData("{ next(version: \"one\") }", "Version cannot represent value: \"one\"")]
    [InlineData("{ next(version: ONE) }", "Version cannot represent value: ONE")]
    [InlineData("{ next(version: 1) }", "Version cannot represent value: 1")]
    public async Task Literals_that_do_not_fit_are_refused_by_validation(string query, string message)
    {
        var error = (await server.ExecuteAsync(query)).GetProperty("errors")[0];
        error.GetProperty("message").GetString()!.ShouldContain(message);
        error.GetProperty("extensions").GetProperty("code").GetString().ShouldBe("GRAPHQL_VALIDATION_FAILED");
    }

    [Fact]
    public async Task Variables_that_do_not_fit_are_refused()
    {
        var error = (await server.ExecuteAsync("query($v: Version) { next(version: $v) }", new { v = new[] { 1 } }))
            .GetProperty("errors")[0];
        error.GetProperty("message").GetString()
            .ShouldBe("Variable \"$v\" has invalid value: Version cannot represent value: [1]");
        error.GetProperty("extensions").GetProperty("code").GetString().ShouldBe("INVALID_INPUT");
    }

    [Fact]
    public async Task A_variable_that_json_cannot_express_is_refused() =>
        (await server.TextAsync("query($v: Version) { echo(json: {v: $v}) }", new { v = "1.0" }))
            .ShouldContain("JSON cannot represent value: { v: $v }");

    [Theory]
    [InlineData("half")]
    [InlineData("none")]
    [InlineData("fail")]
    public async Task What_a_scalar_writes_wrongly_does_not_break_the_response(string how)
    {
        var response = await server.ExecuteAsync("query($how: String!) { unruly(how: $how) next }", new { how });
        response.GetProperty("data").GetRawText().ShouldBe("{\"unruly\":null,\"next\":null}");
        response.GetProperty("errors").GetArrayLength().ShouldBe(1);
        // The buffers of the failure are not those of the next value.
        (await server.TextAsync("{ unruly(how: \"ok\") }")).ShouldBe("{\"data\":{\"unruly\":[\"ok\"]}}");
    }

    [Fact]
    public void They_stand_in_the_schema()
    {
        var sdl = SchemaPrinter.Print(server.Executor.Schema);
        sdl.ShouldContain("\"\"\"Major and minor.\"\"\"\nscalar Version @specifiedBy(url: \"https://example.org/v\")");
        sdl.ShouldContain("twice(small: Small! = 3): Int!");
        sdl.ShouldContain("next(version: Version): Version");
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [QueryType]
    public static class Queries
    {
        public static Version? Next(Version? version) =>
            version is null ? null : new Version(version.Major, version.Minor + 1);

        public static IEnumerable<Version> All(IReadOnlyList<Version> versions) => versions;

        public static Version Boxed(Box input) => input.Version;

        public static JsonElement Echo(JsonElement json) => json;

        public static string Kind(JsonElement json) => json.ValueKind.ToString();

        public static int Twice(short small = 3) => 2 * small;

        public static Oddity? Unruly(string how) => new Oddity(how);
    }

    public sealed record Box(Version Version);

    public sealed record Oddity(string How);

    public sealed class AppVersion : VersionScalar
    {
        public AppVersion() : base("Version")
        {
            Description = "Major and minor.";
            SpecifiedByUrl = "https://example.org/v";
        }
    }

    public sealed class Document() : ScalarType<JsonElement>("JSON")
    {
        protected internal override bool TryRead(JsonElement value, out JsonElement result)
        {
            result = value.Clone();
            return true;
        }

        protected internal override bool TryReadLiteral(ScalarLiteral literal, out JsonElement result) =>
            TryRead(literal.Value, out result);

        protected internal override void Write(Utf8JsonWriter json, JsonElement value) => value.WriteTo(json);
    }

    public sealed class Small() : ScalarType<short>("Small")
    {
        protected internal override bool TryRead(JsonElement value, out short result)
        {
            result = 0;
            return value.ValueKind == JsonValueKind.Number && value.TryGetInt16(out result);
        }

        protected internal override void Write(Utf8JsonWriter json, short value) => json.WriteNumberValue(value);
    }

    /// <summary>Breaks its promise to write one JSON value.</summary>
    public sealed class Unruly() : ScalarType<Oddity>("Oddity")
    {
        protected internal override bool TryRead(JsonElement value, [MaybeNullWhen(false)] out Oddity result)
        {
            result = null;
            return false;
        }

        protected internal override void Write(Utf8JsonWriter json, Oddity value)
        {
            if (value.How == "none")
                return;
            json.WriteStartArray();
            json.WriteStringValue(value.How);
            if (value.How == "fail")
                throw new InvalidOperationException("no");
            if (value.How != "half")
                json.WriteEndArray();
        }
    }
}

/// <summary>Versions such as "1.2".</summary>
public abstract class VersionScalar(string name) : ScalarType<Version>(name)
{
    protected internal override bool TryRead(JsonElement value, [MaybeNullWhen(false)] out Version result)
    {
        result = null;
        return value.ValueKind == JsonValueKind.String && Version.TryParse(value.GetString(), out result);
    }

    protected internal override void Write(Utf8JsonWriter json, Version value) =>
        json.WriteStringValue(value.ToString());
}
