using Chat.GraphQL.Tests.Oracle;

namespace Chat.GraphQL.Tests.Types;

/// <summary>The reference implementation understands what introspection says of our schema.</summary>
public sealed class IntrospectionTests
{
    [Fact]
    public async Task The_reference_implementation_builds_the_same_schema_from_it()
    {
        await using var server = InProcess.With(
            builder => builder.AddChat());
        var query = await ReferenceImplementation.RunAsync("introspection.cjs", "");
        var response = await server.ExecuteAsync(query);
        response.TryGetProperty("errors", out var errors).ShouldBeFalse($"{errors}");

        var theirs = await ReferenceImplementation.RunAsync("introspection.cjs build", response.GetRawText());
        var ours = SchemaPrinter.Print(server.Executor.Schema);
        Definitions(theirs).ShouldBe(Definitions(ours));
    }

    [Fact]
    public async Task One_type_can_be_asked_for()
    {
        await using var server = InProcess.With(builder => builder.AddChat());
        (await server.TextAsync(
                "{ __type(name: \"Mood\") { kind name enumValues { name isDeprecated } } n: __type(name: \"Nope\") " +
                "{ name } }"))
            .ShouldBe(
                "{\"data\":{\"__type\":{\"kind\":\"ENUM\",\"name\":\"Mood\",\"enumValues\":[{\"name\":\"HAPPY\"," +
                "\"isDeprecated\":false},{\"name\":\"VERY_HAPPY\",\"isDeprecated\":false}]},\"n\":null}}");
    }

    /// <summary>The definitions of a schema, sorted inside and out.</summary>
    private static List<string> Definitions(string sdl) =>
        [.. Parser.Parse(sdl).Definitions.Select(Printer.Print)
            .Select(text => text.Split('\n', '&', '|', '=').Select(line => line.Trim()).Order(StringComparer.Ordinal))
            .Select(lines => string.Join('\n', lines)).Order(StringComparer.Ordinal)];
}
