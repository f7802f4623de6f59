namespace Chat.GraphQL.Tests.Validation;

public sealed class NoUndefinedVariablesTests
{
    [Fact]
    public void Defined_ones_are_fine() => Pets.Accepts(
        "query ($a: Boolean) { dog { ...f } } fragment f on Dog { isHouseTrained(atOtherHomes: $a) }");

    [Fact]
    public void Others_are_not() => Pets.Rejects(
        "query q { dog { ...f } } fragment f on Dog { isHouseTrained(atOtherHomes: $a) }",
        "1:75 1:1 Variable \"$a\" is not defined by operation \"q\".");

    [Fact]
    public void Nor_in_an_operation_without_name() => Pets.Rejects(
        "{ dog { isHouseTrained(atOtherHomes: $a) } }",
        "1:38 1:1 Variable \"$a\" is not defined.");
}
