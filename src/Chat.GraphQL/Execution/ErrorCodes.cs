namespace Chat.GraphQL;

/// <summary>The values of <c>extensions.code</c> that the library itself gives to errors.</summary>
public static class ErrorCodes
{
    /// <summary>The document cannot be parsed.</summary>
    public const string ParseFailed = "GRAPHQL_PARSE_FAILED";

    /// <summary>The document breaks a validation rule (specification 5).</summary>
    public const string ValidationFailed = "GRAPHQL_VALIDATION_FAILED";

    /// <summary>The request itself is malformed, or names no operation that can run.</summary>
    public const string BadRequest = "BAD_REQUEST";

    /// <summary>A variable or argument has a value that its type does not accept.</summary>
    public const string InvalidInput = "INVALID_INPUT";

    /// <summary><see cref="AuthorizeAttribute"/>: nobody is signed in.</summary>
    public const string Unauthenticated = "UNAUTHENTICATED";

    /// <summary><see cref="AuthorizeAttribute"/>: who is signed in may not.</summary>
    public const string Forbidden = "FORBIDDEN";

    /// <summary>An unexpected exception; <c>extensions.traceId</c> finds it in the log.</summary>
    public const string Internal = "INTERNAL";

    /// <summary><see cref="GraphQLOptions.MaxRequestBytes"/>.</summary>
    public const string RequestTooLarge = "REQUEST_TOO_LARGE";

    /// <summary><see cref="GraphQLOptions.RequestBodyTimeout"/>.</summary>
    public const string RequestBodyTimeout = "REQUEST_BODY_TIMEOUT";

    /// <summary>An HTTP request that holds a list of requests.</summary>
    public const string BatchingNotSupported = "BATCHING_NOT_SUPPORTED";

    /// <summary><see cref="GraphQLOptions.MaxTokens"/>.</summary>
    public const string DocumentTooLarge = "DOCUMENT_TOO_LARGE";

    /// <summary><see cref="GraphQLOptions.MaxNesting"/>.</summary>
    public const string DocumentTooDeep = "DOCUMENT_TOO_DEEP";

    /// <summary><see cref="GraphQLOptions.MaxValidationSteps"/>.</summary>
    public const string DocumentTooComplex = "DOCUMENT_TOO_COMPLEX";

    /// <summary><see cref="GraphQLOptions.MaxDepth"/>.</summary>
    public const string OperationTooDeep = "OPERATION_TOO_DEEP";

    /// <summary><see cref="GraphQLOptions.MaxFields"/>.</summary>
    public const string OperationTooLarge = "OPERATION_TOO_LARGE";

    /// <summary><see cref="GraphQLOptions.MaxCost"/>; the error has <c>cost</c> and <c>maximum</c>.</summary>
    public const string OperationTooCostly = "OPERATION_TOO_COSTLY";

    /// <summary>
    /// <see cref="GraphQLOptions.MaxPageSize"/>; the error has <c>field</c> (the argument) and <c>maximum</c>.
    /// </summary>
    public const string PageTooLarge = "PAGE_TOO_LARGE";

    /// <summary><see cref="GraphQLOptions.MaxResponseBytes"/>.</summary>
    public const string ResponseTooLarge = "RESPONSE_TOO_LARGE";

    /// <summary><see cref="GraphQLOptions.MaxAliases"/>.</summary>
    public const string TooManyAliases = "TOO_MANY_ALIASES";

    /// <summary><see cref="GraphQLOptions.MaxDirectives"/>.</summary>
    public const string TooManyDirectives = "TOO_MANY_DIRECTIVES";

    /// <summary>
    /// <see cref="GraphQLOptions.MaxValidationErrors"/>, <see cref="GraphQLOptions.MaxErrors"/>: there are more errors
    /// than are listed.
    /// </summary>
    public const string TooManyErrors = "TOO_MANY_ERRORS";

    /// <summary>
    /// <see cref="GraphQLOptions.MaxOperationsPerSocket"/>, <see cref="GraphQLOptions.MaxOperationsPerConnection"/>.
    /// </summary>
    public const string TooManyOperations = "TOO_MANY_OPERATIONS";

    /// <summary><see cref="GraphQLOptions.MaxSubscriptionsPerSocket"/>.</summary>
    public const string TooManySubscriptions = "TOO_MANY_SUBSCRIPTIONS";

    /// <summary>
    /// The subscription has ended because its client took the events too slowly: some are missing after the last one
    /// that was sent. <see cref="GraphQLOptions.TopicBufferCapacity"/>.
    /// </summary>
    public const string SubscriptionOverflow = "SUBSCRIPTION_OVERFLOW";

    /// <summary><see cref="GraphQLOptions.RequestTimeout"/>.</summary>
    public const string RequestTimeout = "REQUEST_TIMEOUT";

    /// <summary><see cref="GraphQLOptions.Introspection"/> is off.</summary>
    public const string IntrospectionDisabled = "INTROSPECTION_DISABLED";

    /// <summary><see cref="GraphQLOptions.OnlyPersistedOperations"/>, and the request carries a text.</summary>
    public const string PersistedOperationsOnly = "PERSISTED_OPERATIONS_ONLY";

    /// <summary>
    /// No document is stored under the id or hash. A client that registers its documents sends the text next.
    /// </summary>
    public const string PersistedQueryNotFound = "PERSISTED_QUERY_NOT_FOUND";

    /// <summary>A hash without a text, and the server stores no documents at all.</summary>
    public const string PersistedQueryNotSupported = "PERSISTED_QUERY_NOT_SUPPORTED";

    /// <summary>The hash in <c>extensions.persistedQuery</c> is not that of the text beside it.</summary>
    public const string PersistedQueryHashMismatch = "PERSISTED_QUERY_HASH_MISMATCH";

    /// <summary>
    /// No event stream is reserved under the token, or <see cref="GraphQLOptions.StreamReservationTimeout"/> is over.
    /// </summary>
    public const string EventStreamNotFound = "EVENT_STREAM_NOT_FOUND";

    /// <summary>The event stream of this token is open already.</summary>
    public const string EventStreamIsOpen = "EVENT_STREAM_IS_OPEN";

    /// <summary><see cref="GraphQLOptions.MaxEventStreams"/>.</summary>
    public const string TooManyEventStreams = "TOO_MANY_EVENT_STREAMS";

    /// <summary>An operation with this id runs on the event stream already.</summary>
    public const string OperationIdInUse = "OPERATION_ID_IN_USE";

    /// <summary><see cref="GraphQLOptions.MaxOperationIdChars"/>.</summary>
    public const string OperationIdTooLong = "OPERATION_ID_TOO_LONG";

    /// <summary>The session that the operation of an event stream belongs to is over.</summary>
    public const string SessionEnded = "SESSION_ENDED";
}
