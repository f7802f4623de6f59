namespace Chat.GraphQL;

/// <summary>A document that cannot be parsed.</summary>
internal sealed class GraphQLSyntaxException(string source, int position, string message, string code)
    : Exception("Syntax Error: " + message)
{
    public GraphQLError Error { get; } = new("Syntax Error: " + message)
    {
        Locations = [SourceLocation.Of(source, position)],
        Code = code,
    };
}
