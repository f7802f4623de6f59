namespace Chat.GraphQL.Tests.Validation;

public sealed class UniqueArgumentNamesTests
{
    [Fact]
    public void Different_arguments_are_fine() => Pets.Accepts(
        "{ arguments { multipleRequirements(x: 1, y: 2) } }");

    [Fact]
    public void The_same_one_twice_is_not() => Pets.Rejects(
        "{ arguments { intArgField(intArg: 1, intArg: 1) } }",
        "1:27 1:38 There can be only one argument named \"intArg\".");
}
