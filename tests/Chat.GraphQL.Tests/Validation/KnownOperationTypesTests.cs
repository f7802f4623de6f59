using Chat.GraphQL.Oracle;

namespace Chat.GraphQL.Tests.Validation;

public sealed class KnownOperationTypesTests
{
    [Fact]
    public void Operations_of_the_schema_are_fine() => Pets.Accepts("mutation { addPet(pet: {name: \"x\"}) { name } }");

    [Fact]
    public void Others_are_not() =>
        DocumentValidator.Validate(
                OracleSchema.Build("type Query { a: Int }"), Parser.Parse("{ a } mutation m { b }"),
                new GraphQLOptions())
            .Select(Pets.Describe).ShouldContain("1:7 The mutation operation is not supported by the schema.");
}
