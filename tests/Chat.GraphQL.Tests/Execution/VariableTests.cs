using System.Text.Json;

namespace Chat.GraphQL.Tests.Execution;

/// <summary>Specification 6.1.2 and 6.4.1: coercion of variables and arguments, with precise errors.</summary>
public sealed class VariableTests
{
    [Theory]
    [InlineData("query ($i: Int) { int(value: $i) }", """{"i": 5}""", """{"data":{"int":"5"}}""")]
    [InlineData("query ($i: Int) { int(value: $i) }", """{"i": 5.0}""", """{"data":{"int":"5"}}""")]
    [InlineData("query ($i: Int) { int(value: $i) }", "{}", """{"data":{"int":"7"}}""")]
    [InlineData("query ($i: Int) { int(value: $i) }", """{"i": null}""", """{"data":{"int":"null"}}""")]
    [InlineData("query ($i: Int = 3) { int(value: $i) }", "{}", """{"data":{"int":"3"}}""")]
    [InlineData("query ($l: [Int!]) { list(values: $l) }", """{"l": 4}""", """{"data":{"list":"4"}}""")]
    [InlineData("query ($l: [Int!]) { list(values: $l) }", """{"l": [1, 2]}""", """{"data":{"list":"1,2"}}""")]
    [InlineData("query ($i: Int!) { list(values: [1, $i]) }", """{"i": 2}""", """{"data":{"list":"1,2"}}""")]
    [InlineData(
        "query ($f: Filter) { filter(by: $f) }",
        """{"f": {"name": "n"}}""",
        """{"data":{"filter":"n 10 note absent"}}""")]
    [InlineData(
        "query ($n: String!) { filter(by: {name: $n, note: null}) }",
        """{"n": "n"}""",
        """{"data":{"filter":"n 10 note null"}}""")]
    [InlineData(
        "query ($n: String) { filter(by: {name: \"a\", note: $n}) }",
        "{}",
        """{"data":{"filter":"a 10 note absent"}}""")]
    [InlineData(
        "query ($u: UUID!) { uuid(id: $u) }",
        """{"u": "0000000A-0000-0000-0000-000000000000"}""",
        """{"data":{"uuid":"0000000a-0000-0000-0000-000000000000"}}""")]
    [InlineData(
        "query ($t: DateTime!) { time(at: $t) }",
        """{"t": "2026-11-20T15:10:00.1239+01:00"}""",
        """{"data":{"time":"2026-11-20T14:10:00.123Z"}}""")]
    [InlineData("{ long(value: 9007199254740993) }", "{}", """{"data":{"long":9007199254740993}}""")]
    [InlineData(
        "query ($l: Long!) { long(value: $l) }",
        """{"l": 9223372036854775807}""",
        """{"data":{"long":9223372036854775807}}""")]
    [InlineData(
        "{ id(id: 4) guid(id: \"0000000a-0000-0000-0000-000000000000\") }",
        "{}",
        """{"data":{"id":"4","guid":"0000000a-0000-0000-0000-000000000000"}}""")]
    [InlineData(
        "query ($e: [Color!]!) { colors(of: $e) }",
        """{"e": ["RED", "DARK_BLUE"]}""",
        """{"data":{"colors":["RED","DARK_BLUE"]}}""")]
    public async Task Values_are_coerced(string query, string variables, string expected)
    {
        await using var server = InProcess.Of(typeof(Queries));
        (await server.TextAsync(query, Json(variables))).ShouldBe(expected);
    }

    [Theory]
    [InlineData(
        "query ($i: Int) { int(value: $i) }",
        """{"i": "5"}""",
        "Variable \"$i\" has invalid value: Int cannot represent non-integer value: \"5\"")]
    [InlineData(
        "query ($i: Int) { int(value: $i) }",
        """{"i": 2147483648}""",
        "Variable \"$i\" has invalid value: Int cannot represent non 32-bit signed integer value: 2147483648")]
    [InlineData(
        "query ($u: UUID!) { uuid(id: $u) }",
        "{}",
        "Variable \"$u\" has invalid value: Expected a value of non-null type \"UUID!\" to be provided.")]
    [InlineData(
        "query ($u: UUID!) { uuid(id: $u) }",
        """{"u": null}""",
        "Variable \"$u\" has invalid value: Expected value of non-null type \"UUID!\" not to be null.")]
    [InlineData(
        "query ($u: UUID!) { uuid(id: $u) }",
        """{"u": "nope"}""",
        "Variable \"$u\" has invalid value: UUID cannot represent value: \"nope\"")]
    [InlineData(
        "query ($t: DateTime!) { time(at: $t) }",
        """{"t": "2026-02-30T00:00:00Z"}""",
        "Variable \"$t\" has invalid value: DateTime cannot represent value: \"2026-02-30T00:00:00Z\"")]
    [InlineData(
        "query ($t: DateTime!) { time(at: $t) }",
        """{"t": "yesterday"}""",
        "Variable \"$t\" has invalid value: DateTime cannot represent value: \"yesterday\"")]
    [InlineData(
        "query ($f: Filter) { filter(by: $f) }",
        """{"f": {"nam": "n"}}""",
        "Variable \"$f\" has invalid value: Expected value of type \"Filter\" to include required field \"name\", " +
            "found: { nam: \"n\" }.|Variable \"$f\" has invalid value: Expected value of type \"Filter\" not to " +
            "include unknown field \"nam\". Did you mean \"name\"? Found: { nam: \"n\" }.")]
    [InlineData(
        "query ($f: Filter) { filter(by: $f) }",
        """{"f": {"name": 1}}""",
        "Variable \"$f\" has invalid value at .name: String cannot represent a non string value: 1")]
    [InlineData(
        "query ($l: [Int!]) { list(values: $l) }",
        """{"l": [1, null]}""",
        "Variable \"$l\" has invalid value at [1]: Expected value of non-null type \"Int!\" not to be null.")]
    [InlineData(
        "query ($e: [Color!]!) { colors(of: $e) }",
        """{"e": ["REDD"]}""",
        "Variable \"$e\" has invalid value at [0]: Value \"REDD\" does not exist in \"Color\" enum. Did you mean " +
            "the enum value \"RED\"?")]
    public async Task Others_are_refused(string query, string variables, string messages)
    {
        await using var server = InProcess.Of(typeof(Queries));
        var response = await server.ExecuteAsync(query, Json(variables));
        response.TryGetProperty("data", out _).ShouldBeFalse();
        var errors = response.GetProperty("errors").EnumerateArray().ToList();
        string.Join('|', errors.Select(error => error.GetProperty("message").GetString())).ShouldBe(messages);
        errors.ShouldAllBe(
            error => error.GetProperty("extensions").GetProperty("code").GetString() == ErrorCodes.InvalidInput);
        errors.ShouldAllBe(error => error.GetProperty("locations")[0].GetProperty("column").GetInt32() == 8);
    }

    [Fact]
    public async Task A_variable_may_make_an_argument_invalid()
    {
        await using var server = InProcess.Of(typeof(Queries));
        (await server.TextAsync("query ($i: Int = 1) { strict(value: $i) }", new { i = (int?)null })).ShouldBe(
                "{\"data\":null,\"errors\":[{\"message\":\"Argument \\\"Query.strict(value:)\\\" has invalid " +
                "value: Expected variable \\\"$i\\\" provided to non-null type \\\"Int!\\\" not to be null.\"," +
                "\"locations\":[{\"line\":1,\"column\":37}],\"path\":[\"strict\"]," +
                "\"extensions\":{\"code\":\"INVALID_INPUT\"}}]}");
    }

    [Fact]
    public async Task An_ID_that_does_not_fit_its_type_is_refused()
    {
        await using var server = InProcess.Of(typeof(Queries));
        (await server.TextAsync("{ guid(id: \"x\") }")).ShouldContain(
            "{\"message\":\"ID cannot represent value: \\\"x\\\"\",\"locations\":[{\"line\":1,\"column\":3}]," +
            "\"path\":[\"guid\"],\"extensions\":{\"code\":\"INVALID_INPUT\"}}");
    }

    [Fact]
    public async Task Errors_of_variables_are_limited()
    {
        await using var server = InProcess.Of(typeof(Queries));
        var response = await server.ExecuteAsync(
            "query ($l: [Int!]) { list(values: $l) }", new { l = Enumerable.Repeat("x", 10_000) });
        var errors = response.GetProperty("errors");
        errors.GetArrayLength().ShouldBe(VariableCoercion.MaxErrors + 1);
        errors[VariableCoercion.MaxErrors].GetProperty("message").GetString().ShouldStartWith("Too many errors");
    }

    [Theory]
    [InlineData(null, "Must provide operation name if query contains multiple operations.")]
    [InlineData("c", "Unknown operation named \"c\".")]
    public async Task The_operation_must_be_clear(string? name, string message)
    {
        await using var server = InProcess.Of(typeof(Queries));
        (await server.ExecuteAsync("query a { int } query b { int }", operationName: name))
            .GetProperty("errors")[0].GetProperty("message").GetString().ShouldBe(message);
        (await server.TextAsync("query a { int } query b { list }", operationName: "b"))
            .ShouldBe("""{"data":{"list":"none"}}""");
    }

    /// <summary>A variable with a default may still be given as null. What is skipped around it never asks.</summary>
    [Theory]
    [InlineData(
        "{ __type(name: \"Query\") { name @include(if: $v) } a: __typename }", """{"__type":null,"a":"Query"}""",
        """["__type"]""")]
    [InlineData(
        "{ a: __typename __type(name: \"Q\") @skip(if: true) { name @include(if: $v) } }", """{"a":"Query"}""", null)]
    [InlineData("{ a: __typename @include(if: $v) }", "", "")]
    public async Task A_condition_that_is_null_is_an_error_of_the_field_around_it(
        string selection, string data, string? path)
    {
        await using var server = InProcess.Of(typeof(Queries));
        var response = await server.ExecuteAsync(
            $"query ($v: Boolean = true) {selection}", new { v = (bool?)null });
        (response.TryGetProperty("data", out var given) ? given.GetRawText() : "").ShouldBe(data);
        response.TryGetProperty("errors", out var errors).ShouldBe(path is not null);
        if (path is null)
            return;
        var error = errors.EnumerateArray().ShouldHaveSingleItem();
        error.GetProperty("message").GetString().ShouldBe(
            "Argument \"@include(if:)\" has invalid value: Expected variable \"$v\" provided to non-null type " +
            "\"Boolean!\" not to be null.");
        error.GetProperty("locations").GetArrayLength().ShouldBe(1);
        (error.TryGetProperty("path", out var found) ? found.GetRawText() : "").ShouldBe(path);
    }

    [Theory]
    [InlineData(true, false, """{"data":{"a":"7","b":"7"}}""")]
    [InlineData(false, false, """{"data":{"b":"7"}}""")]
    [InlineData(false, true, """{"data":{}}""")]
    [InlineData(true, true, """{"data":{}}""")]
    public async Task Skip_and_include_depend_on_variables(bool include, bool skip, string expected)
    {
        await using var server = InProcess.Of(typeof(Queries));
        (await server.TextAsync(
            "query ($i: Boolean!, $s: Boolean!) { a: int @include(if: $i) @skip(if: $s) ... @skip(if: $s) { b: int } }",
            new { i = include, s = skip })).ShouldBe(expected);
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    public enum Color
    {
        Red,
        DarkBlue,
    }

    public sealed record Filter(string Name, int Size = 10)
    {
        public Optional<string> Note { get; init; }
    }

    [QueryType]
    public static class Queries
    {
        public static string Int(int? value = 7) => value?.ToString() ?? "null";

        public static int Strict(int value = 1) => value;

        public static string List(IReadOnlyList<int>? values) => values is null ? "none" : string.Join(',', values);

        public static string Filter(Filter? by) =>
            $"{by?.Name} {by?.Size} note {(by!.Note.HasValue ? by.Note.Value ?? "null" : "absent")}";

        public static Guid Uuid(Guid id) => id;

        public static DateTimeOffset Time(DateTimeOffset at) => at;

        public static long Long(long value) => value;

        public static string Id([ID] string id) => id;

        [ID]
        public static Guid Guid([ID] Guid id) => id;

        public static List<Color> Colors(List<Color> of) => of;
    }
}
