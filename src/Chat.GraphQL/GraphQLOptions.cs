using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Chat.GraphQL;

/// <summary>
/// The switches and limits of the server. Each limit has an error code, named with it. A value out of its range stops
/// the start with an <see cref="OptionsValidationException"/> that lists all of them.
/// </summary>
public sealed class GraphQLOptions
{
    private const string None = "00:00:00";
    private const string Shortest = "00:00:00.001";
    private const string Longest = "1.00:00:00";

    /// <summary>Serves the GraphiQL page to browsers.</summary>
    public bool Ide { get; set; } = true;

    /// <summary>The folder with the page's built files.</summary>
    public string IdePath { get; set; } = Path.Combine(AppContext.BaseDirectory, "graphiql");

    /// <summary>The title of the page.</summary>
    public string IdeTitle { get; set; } = "GraphQL";

    /// <summary>The document that the page's editor begins with.</summary>
    public string IdeDocument { get; set; } = "{\n  __typename\n}\n";

    /// <summary>
    /// Headers that the page sends with each request, such as one that pages of other sites cannot send.
    /// </summary>
    public IDictionary<string, string> IdeHeaders { get; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Answers <c>__schema</c> and <c>__type</c>, and serves the schema as text.</summary>
    public bool Introspection { get; set; } = true;

    /// <summary>Adds "Did you mean …?" to validation errors.</summary>
    public bool FieldSuggestions { get; set; } = true;

    /// <summary>Bytes of an HTTP request's body: REQUEST_TOO_LARGE (413).</summary>
    [Range(1, int.MaxValue)]
    public int MaxRequestBytes { get; set; } = 256 * 1024;

    /// <summary>Time for the body of a request to arrive: REQUEST_BODY_TIMEOUT (408).</summary>
    [Range(typeof(TimeSpan), Shortest, Longest, ParseLimitsInInvariantCulture = true)]
    public TimeSpan RequestBodyTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Compresses responses with Brotli or gzip for clients that take it. A GET with a cookie is not compressed: a page
    /// of another site could have sent it, to learn from the length (BREACH).
    /// </summary>
    public bool Compression { get; set; } = true;

    /// <summary>Bytes of a response from which on it is compressed.</summary>
    [Range(1, int.MaxValue)]
    public int MinCompressedBytes { get; set; } = 1024;

    /// <summary>
    /// Answers with the status codes of the specification's September 2026 edition where the client takes
    /// <c>application/graphql-response+json</c>: 422 for requests that cannot be executed, 294 for data with errors.
    /// </summary>
    public bool September2026StatusCodes { get; set; }

    /// <summary>Lets clients register documents under their hashes (Apollo's automatic persisted queries).</summary>
    public bool AutomaticPersistedQueries { get; set; }

    /// <summary>Bytes of memory for documents that clients registered; those used least recently leave.</summary>
    [Range(1, int.MaxValue)]
    public int MaxPersistedQueryBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// Executes only documents of the <see cref="IPersistedOperationStore"/>; a request with a text is refused with
    /// PERSISTED_OPERATIONS_ONLY.
    /// </summary>
    public bool OnlyPersistedOperations { get; set; }

    /// <summary>
    /// Event streams in single connection mode, reserved or open: TOO_MANY_EVENT_STREAMS (503) for the next one.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int MaxEventStreams { get; set; } = 10_000;

    /// <summary>Time from the reservation of an event stream to its opening; then the token means nothing.</summary>
    [Range(typeof(TimeSpan), Shortest, Longest, ParseLimitsInInvariantCulture = true)]
    public TimeSpan StreamReservationTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often an event stream is sent a comment, so that nobody on the way takes it for dead.</summary>
    [Range(typeof(TimeSpan), Shortest, Longest, ParseLimitsInInvariantCulture = true)]
    public TimeSpan StreamKeepAliveInterval { get; set; } = TimeSpan.FromSeconds(12);

    /// <summary>Bytes of a socket's message, all fragments together: the socket is closed with 1009.</summary>
    [Range(1, int.MaxValue)]
    public int MaxSocketMessageBytes { get; set; } = 256 * 1024;

    /// <summary>Tokens of a document: DOCUMENT_TOO_LARGE.</summary>
    [Range(1, int.MaxValue)]
    public int MaxTokens { get; set; } = 10_000;

    /// <summary>Nesting of selection sets, values and types while parsing: DOCUMENT_TOO_DEEP.</summary>
    [Range(1, 1_000)]
    public int MaxNesting { get; set; } = 100;

    /// <summary>
    /// Depth of fields in an operation, fragments included: OPERATION_TOO_DEEP. Fields below <c>__schema</c> and
    /// <c>__type</c> are not counted: a validation rule bounds their nesting.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int MaxDepth { get; set; } = 12;

    /// <summary>Fields of an operation after its fragments are put in: OPERATION_TOO_LARGE.</summary>
    [Range(1, int.MaxValue)]
    public int MaxFields { get; set; } = 500;

    /// <summary>
    /// What an operation may cost: OPERATION_TOO_COSTLY. A field costs 1 (<see cref="CostAttribute"/>), and what is
    /// selected below a list counts as often as the list may have items (<see cref="ListSizeAttribute"/>); fields of
    /// introspection cost a tenth.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int MaxCost { get; set; } = 50_000;

    /// <summary>Items that <c>first</c>, <c>last</c> or <c>limit</c> may ask for: PAGE_TOO_LARGE.</summary>
    [Range(1, int.MaxValue)]
    public int MaxPageSize { get; set; } = 100;

    /// <summary>Items that a list counts for in the cost when no argument tells: OPERATION_TOO_COSTLY.</summary>
    [Range(1, int.MaxValue)]
    public int AssumedListSize { get; set; } = 10;

    /// <summary>
    /// How often one field may be selected under different names in a selection set: TOO_MANY_ALIASES.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int MaxAliases { get; set; } = 30;

    /// <summary>Directives at one place of a document: TOO_MANY_DIRECTIVES.</summary>
    [Range(1, int.MaxValue)]
    public int MaxDirectives { get; set; } = 4;

    /// <summary>Visits of fragments and comparisons of fields while validating: DOCUMENT_TOO_COMPLEX.</summary>
    [Range(1, int.MaxValue)]
    public int MaxValidationSteps { get; set; } = 50_000;

    /// <summary>Validation errors reported for one document; validation ends there: TOO_MANY_ERRORS.</summary>
    [Range(1, int.MaxValue)]
    public int MaxValidationErrors { get; set; } = 100;

    /// <summary>Characters of an error's message that quotes what the client sent; the rest is cut.</summary>
    [Range(1, int.MaxValue)]
    public int MaxMessageChars { get; set; } = GraphQLError.LongestMessage;

    /// <summary>
    /// Errors of resolvers that one response lists: TOO_MANY_ERRORS is the last one and counts the others.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int MaxErrors { get; set; } = 1_000;

    /// <summary>
    /// Bytes of a response before compression: RESPONSE_TOO_LARGE instead of the response. Long aliases on long lists
    /// are how little is asked and much is answered.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int MaxResponseBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Time for a query, a mutation or one event of a subscription: REQUEST_TIMEOUT.</summary>
    [Range(typeof(TimeSpan), Shortest, Longest, ParseLimitsInInvariantCulture = true)]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Operations that run at the same time on one socket or event stream: TOO_MANY_OPERATIONS for the next one.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int MaxOperationsPerSocket { get; set; } = 100;

    /// <summary>
    /// Subscriptions that run at the same time on one socket: TOO_MANY_SUBSCRIPTIONS for the next one. They count
    /// among its operations too.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int MaxSubscriptionsPerSocket { get; set; } = 100;

    /// <summary>
    /// Characters of an operation's id on a socket, which is closed with 4400, or on an event stream:
    /// OPERATION_ID_TOO_LONG.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int MaxOperationIdChars { get; set; } = 128;

    /// <summary>
    /// Requests that run at the same time on one connection of HTTP/2 or HTTP/3: TOO_MANY_OPERATIONS (429) for the next
    /// one.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int MaxOperationsPerConnection { get; set; } = 100;

    /// <summary>
    /// Time from the opening of a socket to <c>connection_ack</c>, that of the interceptors included: the socket is
    /// closed with 4408.
    /// </summary>
    [Range(typeof(TimeSpan), Shortest, Longest, ParseLimitsInInvariantCulture = true)]
    public TimeSpan SocketInitTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time for a client to take one message; then the socket or event stream is dropped.</summary>
    [Range(typeof(TimeSpan), Shortest, Longest, ParseLimitsInInvariantCulture = true)]
    public TimeSpan SocketSendTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a socket is pinged; one that answers nothing for as long again is dropped.</summary>
    [Range(typeof(TimeSpan), Shortest, Longest, ParseLimitsInInvariantCulture = true)]
    public TimeSpan SocketPingInterval { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long the first of several subscribers, who share an event and see it each in their own way, waits for the
    /// others before the event is executed for all of them.
    /// </summary>
    [Range(typeof(TimeSpan), Shortest, Longest, ParseLimitsInInvariantCulture = true)]
    public TimeSpan EventBatchWindow { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Events whose responses are kept for subscribers that have not come for them yet: number. Who comes later than
    /// that has the event executed again.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int MaxSharedEvents { get; set; } = 4_096;

    /// <summary>Like <see cref="MaxSharedEvents"/>: bytes of their responses.</summary>
    [Range(1, int.MaxValue)]
    public int MaxSharedEventBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Like <see cref="MaxSharedEvents"/>: their age.</summary>
    [Range(typeof(TimeSpan), None, Longest, ParseLimitsInInvariantCulture = true)]
    public TimeSpan SharedEventLifetime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Events that wait for one subscriber of a topic, see <see cref="ITopicEventReceiver"/>:
    /// <see cref="SubscriptionOverflowException"/>, SUBSCRIPTION_OVERFLOW.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int TopicBufferCapacity { get; set; } = 1_024;

    /// <summary>Parsed and validated documents kept in memory: their number.</summary>
    [Range(1, int.MaxValue)]
    public int MaxCachedDocuments { get; set; } = 1_000;

    /// <summary>
    /// Parsed and validated documents kept in memory: bytes, as estimated from their texts, nodes and plans.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int MaxCachedDocumentBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Looks for values that no server can work with.</summary>
    /// <exception cref="OptionsValidationException">There are some; all of them are listed.</exception>
    internal void Validate()
    {
        var problems = new List<ValidationResult>();
        var context = new System.ComponentModel.DataAnnotations.ValidationContext(this);
        if (!Validator.TryValidateObject(this, context, problems, validateAllProperties: true))
        {
            throw new OptionsValidationException(
                nameof(GraphQLOptions), typeof(GraphQLOptions), problems.Select(problem => problem.ErrorMessage!));
        }
    }
}
