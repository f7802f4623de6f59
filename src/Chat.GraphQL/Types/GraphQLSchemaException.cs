namespace Chat.GraphQL;

/// <summary>The schema cannot be built. All problems are listed, one a line.</summary>
public sealed class GraphQLSchemaException(IReadOnlyList<string> problems)
    : Exception("The GraphQL schema has problems:\n- " + string.Join("\n- ", problems))
{
    /// <summary>What is wrong, one sentence each.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
