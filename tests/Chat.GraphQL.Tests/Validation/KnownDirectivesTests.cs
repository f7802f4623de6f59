namespace Chat.GraphQL.Tests.Validation;

public sealed class KnownDirectivesTests
{
    [Fact]
    public void Known_directives_at_their_places_are_fine() => Pets.Accepts(
        "query @tag(name: \"x\") { dog @include(if: true) { ... @skip(if: false) { name } } }");

    [Fact]
    public void Unknown_ones_are_not() => Pets.Rejects(
        "{ dog @nope { name } }",
        "1:7 Unknown directive \"@nope\".");

    [Fact]
    public void Nor_known_ones_elsewhere() => Pets.Rejects(
        "query @skip(if: true) { dog { name } }",
        "1:7 Directive \"@skip\" may not be used on QUERY.");
}
