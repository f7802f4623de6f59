namespace Chat.GraphQL.Tests.Validation;

public sealed class UniqueVariableNamesTests
{
    [Fact]
    public void Different_names_are_fine() => Pets.Accepts(
        "query ($a: Boolean, $b: Boolean) { dog { a: isHouseTrained(atOtherHomes: $a) b: " +
            "isHouseTrained(atOtherHomes: $b) } }");

    [Fact]
    public void The_same_name_twice_is_not() => Pets.Rejects(
        "query ($a: Boolean, $a: Boolean) { dog { isHouseTrained(atOtherHomes: $a) } }",
        "1:9 1:22 There can be only one variable named \"$a\".");
}
