namespace Chat.GraphQL.Tests.Validation;

public sealed class FragmentsOnCompositeTypesTests
{
    [Fact]
    public void Objects_interfaces_and_unions_are_fine() => Pets.Accepts(
        "{ catOrDog { ...a ...b ...c } } fragment a on Dog { name } fragment b on Pet { name } fragment c on " +
            "CatOrDog { __typename }");

    [Fact]
    public void Scalars_are_not() => Pets.Rejects(
        "{ dog { ...f ... on Boolean { x } } } fragment f on Int { x }",
        "1:21 Fragment cannot condition on non composite type \"Boolean\".",
        "1:53 Fragment \"f\" cannot condition on non composite type \"Int\".");
}
