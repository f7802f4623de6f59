namespace Chat.GraphQL.Tests.Validation;

public sealed class UniqueInputFieldNamesTests
{
    [Fact]
    public void Different_fields_are_fine() => Pets.Accepts(
        "{ findDog(searchBy: {name: \"x\", owner: \"x\"}) { name } }");

    [Fact]
    public void The_same_one_twice_is_not() => Pets.Rejects(
        "{ findDog(searchBy: {name: \"x\", name: \"y\"}) { name } }",
        "1:22 1:33 There can be only one input field named \"name\".");
}
