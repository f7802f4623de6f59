namespace Chat.GraphQL.Tests.Validation;

public sealed class VariablesAreInputTypesTests
{
    [Fact]
    public void Input_types_are_fine() => Pets.Accepts(
        "query ($a: Boolean, $b: [Boolean!], $c: FindDogInput) { dog { isHouseTrained(atOtherHomes: $a) } " +
            "booleanList(booleanListArg: $b) findDog(searchBy: $c) { name } }");

    [Fact]
    public void Objects_are_not() => Pets.Rejects(
        "query ($a: Dog) { dog { isHouseTrained(atOtherHomes: $a) } }",
        "1:12 Variable \"$a\" cannot be non-input type \"Dog\".",
        "1:8 1:54 Variable \"$a\" of type \"Dog\" used in position expecting type \"Boolean\".");
}
