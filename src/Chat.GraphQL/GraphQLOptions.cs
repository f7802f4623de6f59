namespace Chat.GraphQL;

/// <summary>The switches and limits of the server. Each limit has an error code, named with it.</summary>
public sealed class GraphQLOptions
{
    /// <summary>Serves the GraphiQL page to browsers.</summary>
    public bool Ide { get; set; } = true;

    /// <summary>The folder with the page's built files.</summary>
    public string IdePath { get; set; } = Path.Combine(AppContext.BaseDirectory, "graphiql");

    /// <summary>Answers <c>__schema</c> and <c>__type</c>, and serves the schema as text.</summary>
    public bool Introspection { get; set; } = true;

    /// <summary>Adds "Did you mean …?" to validation errors.</summary>
    public bool FieldSuggestions { get; set; } = true;

    /// <summary>Bytes of an HTTP request's body: REQUEST_TOO_LARGE (413).</summary>
    public int MaxRequestBytes { get; set; } = 256 * 1024;

    /// <summary>Time for the body of a request to arrive: REQUEST_BODY_TIMEOUT (408).</summary>
    public TimeSpan RequestBodyTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Compresses responses with Brotli or gzip for clients that take it. A GET with a cookie is not compressed: a page
    /// of another site could have sent it, to learn from the length (BREACH).
    /// </summary>
    public bool Compression { get; set; } = true;

    /// <summary>Bytes of a response from which on it is compressed.</summary>
    public int MinCompressedBytes { get; set; } = 1024;

    /// <summary>
    /// Answers with the status codes of the specification's September 2026 edition where the client takes
    /// <c>application/graphql-response+json</c>: 422 for requests that cannot be executed, 294 for data with errors.
    /// </summary>
    public bool September2026StatusCodes { get; set; }

    /// <summary>Lets clients register documents under their hashes (Apollo's automatic persisted queries).</summary>
    public bool AutomaticPersistedQueries { get; set; }

    /// <summary>Bytes of memory for documents that clients registered; those used least recently leave.</summary>
    public int MaxPersistedQueryBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// Executes only documents of the <see cref="IPersistedOperationStore"/>; a request with a text is refused with
    /// PERSISTED_OPERATIONS_ONLY.
    /// </summary>
    public bool OnlyPersistedOperations { get; set; }

    /// <summary>
    /// Event streams in single connection mode, reserved or open: TOO_MANY_EVENT_STREAMS (503) for the next one.
    /// </summary>
    public int MaxEventStreams { get; set; } = 10_000;

    /// <summary>Time from the reservation of an event stream to its opening; then the token means nothing.</summary>
    public TimeSpan StreamReservationTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often an event stream is sent a comment, so that nobody on the way takes it for dead.</summary>
    public TimeSpan StreamKeepAliveInterval { get; set; } = TimeSpan.FromSeconds(12);

    /// <summary>Bytes of a socket's message, all fragments together: the socket is closed with 1009.</summary>
    public int MaxSocketMessageBytes { get; set; } = 256 * 1024;

    /// <summary>Tokens of a document: DOCUMENT_TOO_LARGE.</summary>
    public int MaxTokens { get; set; } = 10_000;

    /// <summary>Nesting of selection sets, values and types while parsing: DOCUMENT_TOO_DEEP.</summary>
    public int MaxNesting { get; set; } = 100;

    /// <summary>
    /// Depth of fields in an operation, fragments included: OPERATION_TOO_DEEP. Fields below <c>__schema</c> and
    /// <c>__type</c> are not counted: a validation rule bounds their nesting.
    /// </summary>
    public int MaxDepth { get; set; } = 12;

    /// <summary>Fields of an operation after its fragments are put in: OPERATION_TOO_LARGE.</summary>
    public int MaxFields { get; set; } = 500;

    /// <summary>
    /// How often one field may be selected under different names in a selection set: TOO_MANY_ALIASES.
    /// </summary>
    public int MaxAliases { get; set; } = 30;

    /// <summary>Directives at one place of a document: TOO_MANY_DIRECTIVES.</summary>
    public int MaxDirectives { get; set; } = 4;

    /// <summary>Visits of fragments and comparisons of fields while validating: DOCUMENT_TOO_COMPLEX.</summary>
    public int MaxValidationSteps { get; set; } = 50_000;

    /// <summary>Validation errors reported for one document; validation ends there.</summary>
    public int MaxValidationErrors { get; set; } = 100;

    /// <summary>Characters of an error's message that quotes what the client sent; the rest is cut.</summary>
    public int MaxMessageChars { get; set; } = 4_000;

    /// <summary>Time for a query, a mutation or one event of a subscription: REQUEST_TIMEOUT.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Operations that run at the same time on one socket or event stream: TOO_MANY_OPERATIONS for the next one.
    /// </summary>
    public int MaxOperationsPerSocket { get; set; } = 100;

    /// <summary>
    /// Subscriptions that run at the same time on one socket: TOO_MANY_SUBSCRIPTIONS for the next one. They count
    /// among its operations too.
    /// </summary>
    public int MaxSubscriptionsPerSocket { get; set; } = 100;

    /// <summary>Time from the opening of a socket to <c>connection_init</c>: the socket is closed with 4408.</summary>
    public TimeSpan SocketInitTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time for a client to take one message; then the socket or event stream is dropped.</summary>
    public TimeSpan SocketSendTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a socket is pinged; one that answers nothing for as long again is dropped.</summary>
    public TimeSpan SocketPingInterval { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long the first of several subscribers, who share an event and see it each in their own way, waits for the
    /// others before the event is executed for all of them.
    /// </summary>
    public TimeSpan EventBatchWindow { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Events whose responses are kept for subscribers that have not come for them yet: number. Who comes later than
    /// that has the event executed again.
    /// </summary>
    public int MaxSharedEvents { get; set; } = 4_096;

    /// <summary>Like <see cref="MaxSharedEvents"/>: bytes of their responses.</summary>
    public int MaxSharedEventBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Like <see cref="MaxSharedEvents"/>: their age.</summary>
    public TimeSpan SharedEventLifetime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Events that wait for one subscriber of a topic, see <see cref="ITopicEventReceiver"/>:
    /// <see cref="SubscriptionOverflowException"/>, SUBSCRIPTION_OVERFLOW.
    /// </summary>
    public int TopicBufferCapacity { get; set; } = 1_024;

    /// <summary>Parsed and validated documents kept in memory: number.</summary>
    public int MaxCachedDocuments { get; set; } = 1_000;

    /// <summary>Parsed and validated documents kept in memory: characters of their texts.</summary>
    public int MaxCachedDocumentChars { get; set; } = 4 * 1024 * 1024;
}
