namespace Chat.GraphQL;

/// <summary>
/// Finds the text of requests that name a document instead of carrying it, and refuses texts where only stored
/// documents may run.
/// </summary>
internal sealed class PersistedOperations(GraphQLOptions options, IPersistedOperationStore? trusted = null)
{
    private const string HashPrefix = "sha256:";

    /// <summary>What clients compare the message with (Apollo's automatic persisted queries).</summary>
    private const string NotFoundMessage = "PersistedQueryNotFound";

    private const string NotSupportedMessage = "PersistedQueryNotSupported";

    private readonly AutomaticPersistedQueries? automatic =
        options is { AutomaticPersistedQueries: true, OnlyPersistedOperations: false }
            ? new AutomaticPersistedQueries(options.MaxPersistedQueryBytes)
            : null;

    /// <summary>The request with its text, or the error to answer.</summary>
    public async ValueTask<(GraphQLRequest? Request, GraphQLError? Error)> ResolveAsync(
        GraphQLRequest request, CancellationToken ct)
    {
        if (request.Query.Length > 0)
            return WithText(request);
        if (request is { DocumentId: null, Extensions.DocumentHash: null })
            return (request, null);
        var id = request.DocumentId is { } given ? WithoutPrefix(given) : request.Extensions.DocumentHash!;
        if (trusted is not null && await trusted.FindAsync(id, ct) is { } stored)
            return (request with { Query = stored }, null);
        if (automatic is not null && await automatic.FindAsync(id, ct) is { } registered)
            return (request with { Query = registered }, null);
        return (null, NotFound(request));
    }

    /// <summary>Keeps the text of a request that came with its hash and could be prepared.</summary>
    public void Register(GraphQLRequest request)
    {
        if (request.Extensions.DocumentHash is { } hash)
            automatic?.Add(hash, request.Query);
    }

    private (GraphQLRequest? Request, GraphQLError? Error) WithText(GraphQLRequest request)
    {
        if (options.OnlyPersistedOperations)
        {
            return (null, new GraphQLError("Only stored operations are executed: send the id of one.")
            {
                Code = ErrorCodes.PersistedOperationsOnly,
            });
        }

        var isMatch = request.Extensions.DocumentHash is not { } hash
            || hash == PersistedOperationSet.HashOf(request.Query);
        return isMatch ? (request, null) : (null, new GraphQLError("The hash is not that of the query.")
        {
            Code = ErrorCodes.PersistedQueryHashMismatch,
        });
    }

    private GraphQLError NotFound(GraphQLRequest request)
    {
        if (request.DocumentId is not null)
        {
            return new GraphQLError("No operation is stored under this id.")
            {
                Code = ErrorCodes.PersistedQueryNotFound,
            };
        }

        return trusted is null && automatic is null
            ? new GraphQLError(NotSupportedMessage) { Code = ErrorCodes.PersistedQueryNotSupported }
            : new GraphQLError(NotFoundMessage) { Code = ErrorCodes.PersistedQueryNotFound };
    }

    private static string WithoutPrefix(string id) =>
        id.StartsWith(HashPrefix, StringComparison.Ordinal) ? id[HashPrefix.Length..] : id;
}
