namespace Chat.GraphQL.Tests.Validation;

public sealed class PossibleFragmentSpreadsTests
{
    [Fact]
    public void Types_that_overlap_are_fine() => Pets.Accepts(
        "{ pet { ... on CatOrDog { __typename } ... on Dog { name } } catOrDog { ...p } } fragment p on Pet " +
            "{ name }");

    [Fact]
    public void Types_that_do_not_are_refused() => Pets.Rejects(
        "{ dog { ... on Cat { meowVolume } ...h } } fragment h on Human { name }",
        "1:9 Fragment cannot be spread here as objects of type \"Dog\" can never be of type \"Cat\".",
        "1:35 Fragment \"h\" cannot be spread here as objects of type \"Dog\" can never be of type \"Human\".");
}
