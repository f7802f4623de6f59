namespace Chat.GraphQL;

/// <summary>
/// An expected error. Thrown by a resolver or source stream it becomes an error with the field's location and path
/// (specification 7.1.2) and <c>extensions.code</c>; thrown by an interceptor it refuses the whole request.
/// Any other exception is masked.
/// </summary>
public sealed class GraphQLException(
    string message, string code, IReadOnlyDictionary<string, object?>? extensions = null) : Exception(message)
{
    /// <summary>A stable code in UPPER_SNAKE.</summary>
    public string Code { get; } = code;

    /// <summary>Further entries of <c>extensions</c>; values are strings, numbers, booleans or null.</summary>
    public IReadOnlyDictionary<string, object?>? Extensions { get; } = extensions;

    /// <summary>The value in the document that is wrong; null when the error is about the whole field.</summary>
    internal Node? Node { get; init; }
}
