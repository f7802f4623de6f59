using Chat.GraphQL.Oracle;

namespace Chat.GraphQL.Tests.Limits;

/// <summary>What clients usually ask passes all limits as they are by default.</summary>
public sealed class ClientDocumentsTests
{
    private static readonly Schema Schema =
        OracleSchema.Build(File.ReadAllText(Repository.File("src", "chat-web", "schema.graphql")));

    [Fact]
    public void Those_of_the_web_client()
    {
        var documents = Directory.GetFiles(
            Repository.File("src", "chat-web", "src"), "*.graphql", SearchOption.AllDirectories);
        documents.ShouldNotBeEmpty();
        CodesOf(string.Join('\n', documents.Select(File.ReadAllText))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("IntrospectionQuery")]
    [InlineData("RoomsWithMessages")]
    public void Those_of_GraphiQL(string name) =>
        CodesOf(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Limits", $"{name}.graphql"))).ShouldBeEmpty();

    private static List<string> CodesOf(string text)
    {
        var options = new GraphQLOptions();
        var parsed = Parser.Parse(text, options.MaxTokens, options.MaxNesting);
        var errors = DocumentValidator.Validate(Schema, parsed, options).ToList();
        if (errors.Count == 0)
        {
            var document = new ExecutableDocument(Schema, parsed, new CostModel(Schema, options));
            errors.AddRange(document.Operations
                .Select(operation => document.CostOf(operation).Check(VariableValues.None)).OfType<GraphQLError>());
        }

        return [.. errors.Select(error => $"{error.Code} {error.Message}")];
    }
}
