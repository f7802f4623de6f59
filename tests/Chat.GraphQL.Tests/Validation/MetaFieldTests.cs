namespace Chat.GraphQL.Tests.Validation;

/// <summary>Meta fields belong to no type of the schema; messages say so.</summary>
public sealed class MetaFieldTests
{
    [Fact]
    public void Their_arguments_are_checked_like_all_others() => Pets.Rejects(
        "{ __typename(id: 1) __type { name } }",
        "1:14 Unknown argument \"id\" on field \"<meta>.__typename\".",
        "1:21 Argument \"<meta>.__type(name:)\" of type \"String!\" is required, but it was not provided.");
}
