namespace Chat.GraphQL;

/// <summary>An error as in the response's <c>errors</c> (specification 7.1.2).</summary>
public sealed record GraphQLError(string Message)
{
    /// <summary>Characters that a message quotes of what the client sent; by default, that it has.</summary>
    internal const int LongestMessage = 4_000;

    /// <summary>The places in the document that the error is about.</summary>
    public IReadOnlyList<SourceLocation>? Locations { get; init; }

    /// <summary>
    /// The response names (string) and list indices (int) that lead to the field; null for request errors.
    /// </summary>
    public IReadOnlyList<object>? Path { get; init; }

    /// <summary>A stable code in UPPER_SNAKE, sent as <c>extensions.code</c>.</summary>
    public string? Code { get; init; }

    /// <summary>Further entries of <c>extensions</c>; values are strings, numbers, booleans or null.</summary>
    public IReadOnlyDictionary<string, object?>? Extensions { get; init; }

    /// <summary>
    /// Set by an <see cref="IErrorFilter"/> for an outage that passes. An event of a subscription with such an error,
    /// wherever its field stands, is not lost: instead of <c>next</c> the client is sent <c>error</c> with the first
    /// such error alone; the source stream and the operation end, and the client can resume where it stood. Errors of
    /// queries, mutations and source streams are what they would be without it. REQUEST_TIMEOUT always has it.
    /// </summary>
    public bool EndsSubscription { get; init; }

    /// <summary>Cuts a message that quotes what the client sent, but no character in two.</summary>
    internal static string Shorten(string message, int charsMax = LongestMessage)
    {
        if (message.Length <= charsMax)
            return message;
        var length = char.IsHighSurrogate(message[charsMax - 1]) ? charsMax - 1 : charsMax;
        return string.Concat(message.AsSpan(0, length), "…");
    }

    /// <summary>What a resolver threw. It is never sent.</summary>
    public Exception? Exception { get; init; }
}
