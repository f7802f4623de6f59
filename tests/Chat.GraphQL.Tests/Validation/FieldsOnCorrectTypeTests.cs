namespace Chat.GraphQL.Tests.Validation;

public sealed class FieldsOnCorrectTypeTests
{
    [Fact]
    public void Fields_that_exist_are_fine() => Pets.Accepts(
        "{ dog { name __typename } pet { name } catOrDog { __typename ... on Pet { name } } }");

    [Fact]
    public void Others_are_not() => Pets.Rejects(
        "{ dog { nmae } }",
        "1:9 Cannot query field \"nmae\" on type \"Dog\". Did you mean \"name\"?");

    [Fact]
    public void Fields_of_implementations_are_suggested() => Pets.Rejects(
        "{ pet { nickname } }",
        "1:9 Cannot query field \"nickname\" on type \"Pet\". Did you mean to use an inline fragment on " +
            "\"Cat\" or \"Dog\"?");

    [Fact]
    public void Unions_have_no_fields() => Pets.Rejects(
        "{ catOrDog { name } }",
        "1:14 Cannot query field \"name\" on type \"CatOrDog\". Did you mean to use an inline fragment on " +
            "\"Pet\", \"Cat\", or \"Dog\"?");
}
