namespace Chat.GraphQL.Tests.Validation;

public sealed class ExecutableDefinitionsTests
{
    [Fact]
    public void Operations_and_fragments_are_executable() => Pets.Accepts(
        "{ dog { ...f } } fragment f on Dog { name }");

    [Fact]
    public void Type_definitions_are_not() => Pets.Rejects(
        "{ dog { name } } type Cow { name: String } extend type Dog { color: String }",
        "1:18 The \"Cow\" definition is not executable.",
        "1:44 The \"Dog\" definition is not executable.");

    [Fact]
    public void Schema_definitions_are_not() => Pets.Rejects(
        "{ dog { name } } schema { query: Query }",
        "1:18 The schema definition is not executable.");

    [Fact]
    public void They_are_reported_before_all_else() => Pets.Validate(
        "{ dog { barks xyzzy } } schema { query: Query } type Cow { name: String }",
        new GraphQLOptions { MaxValidationErrors = 3 })[..3].ShouldBe(
    [
        "1:25 The schema definition is not executable.",
        "1:49 The \"Cow\" definition is not executable.",
        "1:9 Cannot query field \"barks\" on type \"Dog\".",
    ]);
}
