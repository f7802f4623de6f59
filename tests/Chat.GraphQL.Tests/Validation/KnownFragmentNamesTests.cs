namespace Chat.GraphQL.Tests.Validation;

public sealed class KnownFragmentNamesTests
{
    [Fact]
    public void Known_fragments_are_fine() => Pets.Accepts(
        "{ dog { ...a } } fragment a on Dog { name }");

    [Fact]
    public void Unknown_ones_are_not() => Pets.Rejects(
        "{ dog { ...a } }",
        "1:12 Unknown fragment \"a\".");
}
