namespace Chat.GraphQL.Tests.Validation;

public sealed class ProvidedRequiredArgumentsTests
{
    [Fact]
    public void Given_or_with_default_is_fine() => Pets.Accepts(
        "{ arguments { multipleRequirements(x: 1, y: 2) optionalNonNullBooleanArgField } }");

    [Fact]
    public void Missing_ones_are_not() => Pets.Rejects(
        "{ arguments { multipleRequirements(x: 1) } dog @skip { name } }",
        "1:15 Argument \"Arguments.multipleRequirements(y:)\" of type \"Int!\" is required, but it was not provided.",
        "1:48 Argument \"@skip(if:)\" of type \"Boolean!\" is required, but it was not provided.");
}
