namespace Chat.GraphQL.Tests.Validation;

public sealed class KnownTypeNamesTests
{
    [Fact]
    public void Known_types_are_fine() => Pets.Accepts(
        "mutation m($x: PetInput!) { addPet(pet: $x) { ...f ... on Dog { name } } } fragment f on Cat { name }");

    [Fact]
    public void Unknown_types_are_not() => Pets.Rejects(
        "{ pet { ... on Dgo { name } } }",
        "1:16 Unknown type \"Dgo\". Did you mean \"Dog\"?");

    [Fact]
    public void Unknown_types_of_variables_are_not() => Pets.Rejects(
        "query ($x: Nope) { dog { isHouseTrained(atOtherHomes: $x) } }",
        "1:12 Unknown type \"Nope\".");
}
