using System.Text.Json;

namespace Chat.GraphQL.Tests.Execution;

/// <summary>The C# values that arguments become: whose they are, and what happens when they cannot be made.</summary>
public sealed class InputValueTests : IAsyncDisposable
{
    private readonly InProcess server = InProcess.Of(typeof(Queries), typeof(Fussy));

    [Fact]
    public async Task A_resolver_that_changes_its_arguments_does_not_change_those_of_later_requests()
    {
        const string query = "{ add(ids: [1]) increment(counter: {count: 0}) nested(lists: [[1]]) byDefault }";
        const string response = """{"data":{"add":2,"increment":1,"nested":2,"byDefault":2}}""";
        for (var i = 0; i < 3; i++)
            (await server.TextAsync(query)).ShouldBe(response);
    }

    [Theory]
    [InlineData("query($p: PositiveInput!) { positive(value: $p) }")]
    [InlineData("query($x: Int!) { positive(value: {x: $x}) }")]
    [InlineData("{ positive(value: {x: -1}) }")]
    [InlineData("query($p: PositiveInput = {x: -1}) { optional(value: $p) }")]
    public async Task A_constructor_that_throws_is_an_error_that_is_masked_and_logged(string query)
    {
        var variables = query.Contains("$x", StringComparison.Ordinal) ? (object)new { x = -1 }
            : query.Contains("$p: PositiveInput!", StringComparison.Ordinal) ? new { p = new { x = -1 } }
            : new { };
        var text = await server.TextAsync(query, variables);
        text.ShouldContain("\"code\":\"INTERNAL\"");
        text.ShouldNotContain("secret");
        server.Log.Entries.ShouldHaveSingleItem().Exception!.Message.ShouldContain("secret");
    }

    [Fact]
    public async Task A_constructor_may_say_what_is_wrong()
    {
        var response = await server.ExecuteAsync(
            "query($p: PositiveInput!) { positive(value: $p) }", new { p = new { x = 0 } });
        var error = response.GetProperty("errors")[0];
        error.GetProperty("message").GetString().ShouldBe("Zero is not positive.");
        error.GetProperty("extensions").GetRawText().ShouldBe("""{"code":"ZERO","field":"x"}""");
    }

    [Theory]
    [InlineData("{ fussy(value: 1) }", null)]
    [InlineData("query($f: Fussy) { fussy(value: $f) }", "x")]
    public async Task A_scalar_that_throws_is_an_error_that_is_masked_and_logged(string query, string? value)
    {
        (await server.TextAsync(query, new { f = value })).ShouldContain("\"code\":\"INTERNAL\"");
        server.Log.Entries.ShouldHaveSingleItem().Exception!.Message.ShouldContain("secret");
    }

    [Theory]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("-12", "-12")]
    [InlineData("-0", "0")]
    [InlineData("1.0", "1")]
    [InlineData("1e3", "1000")]
    public async Task An_ID_keeps_all_digits_of_a_whole_number(string number, string id)
    {
        using var variables = JsonDocument.Parse($$"""{"id":{{number}}}""");
        (await server.TextAsync("query($id: ID!) { echo(id: $id) }", variables.RootElement))
            .ShouldBe($$$"""{"data":{"echo":"{{{id}}}"}}""");
    }

    [Theory]
    [InlineData("-12", "{\"data\":{\"number\":\"-12\"}}")]
    [InlineData("12", "{\"data\":{\"number\":\"12\"}}")]
    [InlineData("+12", "INVALID_INPUT")]
    [InlineData("2147483648", "INVALID_INPUT")]
    [InlineData("1.0", "INVALID_INPUT")]
    public async Task A_number_as_ID_is_read_as_it_is_written(string id, string response) =>
        (await server.TextAsync("query($id: ID!) { number(id: $id) }", new { id })).ShouldContain(response);

    [Fact]
    public async Task A_number_of_single_precision_is_written_with_its_own_digits() =>
        (await server.TextAsync("{ single(value: 0.1) }")).ShouldBe("{\"data\":{\"single\":0.1}}");

    public ValueTask DisposeAsync() => server.DisposeAsync();

    public sealed class Counter
    {
        public int Count { get; set; }
    }

    [GraphQLName("PositiveInput")]
    public sealed class Positive
    {
        public Positive(int x)
        {
            var extensions = new Dictionary<string, object?> { ["field"] = "x" };
            X = x switch
            {
                0 => throw new GraphQLException("Zero is not positive.", "ZERO", extensions),
                < 0 => throw new ArgumentException("secret", nameof(x)),
                _ => x,
            };
        }

        public int X { get; }
    }

    public readonly record struct FussyValue(string Text);

    public sealed class Fussy() : ScalarType<FussyValue>("Fussy")
    {
        protected internal override bool TryRead(JsonElement value, out FussyValue result) =>
            throw new InvalidOperationException("secret");

        protected internal override void Write(Utf8JsonWriter json, FussyValue value) =>
            json.WriteStringValue(value.Text);
    }

    [QueryType]
    public static class Queries
    {
        public static int Add(List<int> ids)
        {
            ids.Add(9);
            return ids.Count;
        }

        [ID]
        public static int Number([ID] int id) => id;

        public static float Single(float value) => value;

        public static int Increment(Counter counter) => ++counter.Count;

        public static int Nested(List<List<int>> lists) => Add(lists[0]);

        public static int ByDefault([DefaultValue(new[] { 1 })] List<int> ids) => Add(ids);

        public static int? Positive(Positive value) => value.X;

        public static int? Optional(Positive? value) => value?.X;

        public static string? Fussy(FussyValue? value) => value?.Text;

        public static string Echo([ID] string id) => id;
    }
}
