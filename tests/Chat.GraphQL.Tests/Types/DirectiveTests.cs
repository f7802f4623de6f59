namespace Chat.GraphQL.Tests.Types;

/// <summary>Directives of the application: declared, validated in documents, printed where they stand.</summary>
public sealed class DirectiveTests : IAsyncDisposable
{
    private const string Places =
        "OBJECT | FIELD_DEFINITION | ARGUMENT_DEFINITION | INTERFACE | UNION | ENUM | ENUM_VALUE | INPUT_OBJECT | " +
        "INPUT_FIELD_DEFINITION";

    private readonly InProcess server = InProcess.Of(
        typeof(Queries), typeof(TagAttribute), typeof(TraceDirective), typeof(IThing), typeof(Thing), typeof(IFound),
        typeof(ScalarTests.Small));

    [Fact]
    public void They_are_printed_with_the_elements_they_stand_on() =>
        SchemaPrinter.Print(server.Executor.Schema).TrimEnd().Replace(Places, "EVERYTHING").ShouldBe(""""
            """Says what belongs together."""
            directive @tag(
              """A word."""
              name: String!
              weight: Small! = 1
              kind: Kind
            ) repeatable on EVERYTHING

            directive @trace(id: ID, deep: Boolean! = false) on QUERY | FIELD

            type Query {
              find(by: By @tag(name: "argument")): Found @tag(name: "a") @tag(name: "b", weight: 2, kind: BIG)
              kind: Kind! @deprecated(reason: "No kind.") @tag(name: "old")
            }

            union Found @tag(name: "union") = Thing

            interface Named @tag(name: "interface") {
              name: String!
            }

            type Thing implements Named @tag(name: "object") {
              name: String!
            }

            input By @oneOf @tag(name: "input") {
              name: String @tag(name: "field")
            }

            enum Kind @tag(name: "enum") {
              SMALL
              BIG @tag(name: "value")
            }

            scalar Small
            """".ReplaceLineEndings("\n"), StringCompareShould.IgnoreLineEndings);

    [Theory]
    [InlineData("query @trace(id: 7) { kind @trace(deep: true) }", null)]
    [InlineData("{ kind @trace @trace }", "The directive \"@trace\" can only be used once at this location.")]
    [InlineData("mutation @trace { kind }", "Directive \"@trace\" may not be used on MUTATION.")]
    [InlineData("{ kind @trace(deep: 1) }", "Boolean cannot represent a non boolean value: 1")]
    [InlineData("{ kind @trace(depp: true) }", "Unknown argument \"depp\" on directive \"@trace\".")]
    [InlineData("{ kind @tag(name: \"x\") }", "Directive \"@tag\" may not be used on FIELD.")]
    public async Task Documents_use_them_as_they_are_declared(string query, string? message)
    {
        var text = await server.TextAsync(query);
        if (message is null)
            text.ShouldBe("{\"data\":{\"kind\":\"SMALL\"}}");
        else
            text.ShouldContain(message.Replace("\"", "\\\""));
    }

    [Fact]
    public async Task Introspection_shows_them() =>
        (await server.TextAsync(
            "{ __schema { directives { name isRepeatable locations args { name defaultValue } } } }"))
            .ShouldContain(
                "{\"name\":\"trace\",\"isRepeatable\":false,\"locations\":[\"QUERY\",\"FIELD\"]," +
                "\"args\":[{\"name\":\"id\",\"defaultValue\":null},{\"name\":\"deep\",\"defaultValue\":\"false\"}]}");

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [DirectiveType(
        DirectiveLocation.Object, DirectiveLocation.FieldDefinition, DirectiveLocation.ArgumentDefinition,
        DirectiveLocation.Interface, DirectiveLocation.Union, DirectiveLocation.Enum, DirectiveLocation.EnumValue,
        DirectiveLocation.InputObject, DirectiveLocation.InputFieldDefinition, IsRepeatable = true)]
    [GraphQLDescription("Says what belongs together.")]
    [AttributeUsage(AttributeTargets.All, AllowMultiple = true)]
    public sealed class TagAttribute(string name, short weight = 1) : Attribute
    {
        [GraphQLDescription("A word.")]
        public string Name => name;

        public short Weight => weight;

        [GraphQLIgnore]
        public Kind Of { get; init; }

        public Kind? Kind => Of == default ? null : Of;
    }

    [DirectiveType(DirectiveLocation.Query, DirectiveLocation.Field)]
    public sealed record TraceDirective([property: ID] string? Id, bool Deep = false);

    [Tag("enum")]
    public enum Kind
    {
        Small,
        [Tag("value")]
        Big,
    }

    [InterfaceType]
    [GraphQLName("Named")]
    [Tag("interface")]
    public interface IThing
    {
        string Name { get; }
    }

    [UnionType]
    [Tag("union")]
    public interface IFound;

    [ObjectType]
    [Tag("object")]
    public sealed record Thing(string Name) : IThing, IFound;

    [OneOf]
    [Tag("input")]
    public sealed record By([property: Tag("field")] string? Name);

    [QueryType]
    public static class Queries
    {
        [Tag("a")]
        [Tag("b", 2, Of = DirectiveTests.Kind.Big)]
        public static IFound? Find([Tag("argument")] By? by) => by is null ? null : new Thing("t");

        [Obsolete("No kind.")]
        [Tag("old")]
        public static Kind Kind() => DirectiveTests.Kind.Small;
    }
}
