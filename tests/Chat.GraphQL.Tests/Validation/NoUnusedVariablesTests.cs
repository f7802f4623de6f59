namespace Chat.GraphQL.Tests.Validation;

public sealed class NoUnusedVariablesTests
{
    [Fact]
    public void Used_ones_are_fine() => Pets.Accepts(
        "query ($a: String) { findDog(searchBy: {name: $a}) { name } }");

    [Fact]
    public void Others_are_not() => Pets.Rejects(
        "query q($a: String) { dog { name } }",
        "1:9 Variable \"$a\" is never used in operation \"q\".");
}
