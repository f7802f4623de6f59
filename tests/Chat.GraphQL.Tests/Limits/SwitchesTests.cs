namespace Chat.GraphQL.Tests.Limits;

/// <summary>What does not show the schema to strangers.</summary>
public sealed class SwitchesTests
{
    [Theory]
    [InlineData("{ __schema { queryType { name } } }")]
    [InlineData("{ a: __type(name: \"Query\") { name } }")]
    [InlineData("{ ... { ... on Query { ...f } } } fragment f on Query { __schema { types { name } } }")]
    public async Task Introspection_can_be_switched_off(string document)
    {
        await using var server = Server(options => options.Introspection = false);
        var errors = (await server.ExecuteAsync(document)).GetProperty("errors");
        errors.GetArrayLength().ShouldBe(1);
        errors[0].GetProperty("extensions").GetProperty("code").GetString().ShouldBe(ErrorCodes.IntrospectionDisabled);
        (await server.TextAsync("{ __typename }")).ShouldBe("""{"data":{"__typename":"Query"}}""");
    }

    [Theory]
    [InlineData("{ counts }", null)]
    [InlineData("{ count(txt: 1) }", null)]
    [InlineData("{ count(mood: HAPY) }", null)]
    [InlineData("{ count(mood: \"HAPY\") }", null)]
    [InlineData("{ count(filter: { texts: \"\" }) }", null)]
    [InlineData("{ count @skip(iff: true) }", null)]
    [InlineData("query($m: Moods) { count(mood: $m) }", null)]
    [InlineData("{ ...f } fragment f on Querry { count }", null)]
    [InlineData("{ node { thing { level } } }", null)]
    [InlineData("query($m: Mood) { count(mood: $m) }", """{"m":"HAPY"}""")]
    [InlineData("query($m: Mood) { count(mood: $m) }", """{"m":1}""")]
    [InlineData("query($f: Filter) { count(filter: $f) }", """{"f":{"texts":1}}""")]
    public async Task Suggestions_can_be_switched_off(string document, string? variables)
    {
        object? given = variables is null ? null : System.Text.Json.JsonDocument.Parse(variables).RootElement;
        await using var server = Server(options => options.FieldSuggestions = false);
        var text = await server.TextAsync(document, given);
        text.ShouldStartWith("{\"errors\":");
        text.ShouldNotContain("Did you mean");
        await using var open = Server(_ => { });
        if (!document.Contains("1)", StringComparison.Ordinal) && variables != """{"m":1}""")
            (await open.TextAsync(document, given)).ShouldContain("Did you mean");
    }

    private static InProcess Server(Action<GraphQLOptions> options) =>
        InProcess.With(builder => builder.AddHostile(), options);
}
