namespace Chat.GraphQL.Tests.Validation;

public sealed class VariablesInAllowedPositionTests
{
    [Fact]
    public void Types_that_fit_are_fine() => Pets.Accepts(
        "query ($a: Boolean = true, $b: Boolean!, $c: Boolean, $d: String!) { arguments { a: " +
            "nonNullBooleanArgField(nonNullBooleanArg: $a) b: nonNullBooleanArgField(nonNullBooleanArg: $b) " +
            "optionalNonNullBooleanArgField(optionalBooleanArg: $c) } findPet(by: {name: $d}) { name } }");

    [Fact]
    public void Others_are_not() => Pets.Rejects(
        "query ($a: Boolean, $b: [Boolean]) { arguments { nonNullBooleanArgField(nonNullBooleanArg: $a) } " +
            "booleanList(booleanListArg: $b) }",
        "1:8 1:92 Variable \"$a\" of type \"Boolean\" used in position expecting type \"Boolean!\".",
        "1:21 1:126 Variable \"$b\" of type \"[Boolean]\" used in position expecting type \"[Boolean!]\".");

    [Fact]
    public void One_of_takes_no_nullable_variable() => Pets.Rejects(
        "query ($a: String) { findPet(by: {name: $a}) { name } }",
        "1:8 1:41 Variable \"$a\" is of type \"String\" but must be non-nullable to be used for OneOf Input " +
            "Object \"PetBy\".");
}
