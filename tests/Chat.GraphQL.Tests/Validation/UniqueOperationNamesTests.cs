namespace Chat.GraphQL.Tests.Validation;

public sealed class UniqueOperationNamesTests
{
    [Fact]
    public void Different_names_are_fine() => Pets.Accepts(
        "query a { dog { name } } query b { dog { name } } mutation c { addPet(pet: {name: \"x\"}) { name } }");

    [Fact]
    public void The_same_name_twice_is_not() => Pets.Rejects(
        "query a { dog { name } } mutation a { addPet(pet: {name: \"x\"}) { name } }",
        "1:7 1:35 There can be only one operation named \"a\".");
}
