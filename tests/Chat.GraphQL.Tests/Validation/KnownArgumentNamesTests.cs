namespace Chat.GraphQL.Tests.Validation;

public sealed class KnownArgumentNamesTests
{
    [Fact]
    public void Known_arguments_are_fine() => Pets.Accepts(
        "{ dog { isHouseTrained(atOtherHomes: true) name @skip(if: true) } }");

    [Fact]
    public void Unknown_ones_are_not() => Pets.Rejects(
        "{ dog { isHouseTrained(atOtherHome: true) } }",
        "1:24 Unknown argument \"atOtherHome\" on field \"Dog.isHouseTrained\". Did you mean \"atOtherHomes\"?");

    [Fact]
    public void Nor_on_directives() => Pets.Rejects(
        "{ dog { name @skip(if: true, unless: false) } }",
        "1:30 Unknown argument \"unless\" on directive \"@skip\".");
}
