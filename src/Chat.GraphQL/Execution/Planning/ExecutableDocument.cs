namespace Chat.GraphQL;

/// <summary>A document that has been parsed and validated, with what is known of its operations.</summary>
internal sealed class ExecutableDocument
{
    /// <summary>Bytes that a parsed node and what is known of it take, as measured.</summary>
    private const int BytesPerNode = 160;

    /// <summary>Bytes that a field of a plan takes, as measured.</summary>
    private const int BytesPerPlannedField = 640;

    private readonly Dictionary<OperationNode, OperationPlans> plans = [];
    private readonly Dictionary<OperationNode, OperationCost> costs = [];
    private readonly DocumentNode document;

    public ExecutableDocument(Schema schema, DocumentNode document, CostModel model)
    {
        this.document = document;
        Fragments = document.Definitions.OfType<FragmentNode>()
            .ToDictionary(fragment => fragment.Name.Value, StringComparer.Ordinal);
        Operations = [.. document.Definitions.OfType<OperationNode>()];
        Bytes = (sizeof(char) * Source.Length) + (BytesPerNode * (long)Count(document));
        foreach (var operation in Operations)
        {
            plans.Add(operation, new OperationPlans(schema, this, operation));
            costs.Add(operation, model.Of(this, operation));
        }
    }

    public string Source => document.Source;

    public IReadOnlyDictionary<string, FragmentNode> Fragments { get; }

    public IReadOnlyList<OperationNode> Operations { get; }

    /// <summary>The memory it takes, as far as it is known: plans are made when they are needed.</summary>
    public long Bytes { get; set; }

    /// <summary>The cache that it is in.</summary>
    public DocumentCache? Cache { get; set; }

    /// <summary>Counts the memory of a selection set that has been planned.</summary>
    public void CountPlanned(int fields) => Cache?.Grow(this, (long)BytesPerPlannedField * fields);

    public SourceLocation LocationOf(Node node) => document.LocationOf(node);

    public OperationPlans PlansOf(OperationNode operation) => plans[operation];

    public OperationCost CostOf(OperationNode operation) => costs[operation];

    /// <summary>Specification 6.1, GetOperation.</summary>
    public OperationNode? Find(string? name, out GraphQLError? error)
    {
        var operation = name is not null
            ? Operations.FirstOrDefault(candidate => candidate.Name?.Value == name)
            : Operations.Count == 1 ? Operations[0] : null;
        error = operation is not null ? null : new GraphQLError(
            name is not null ? GraphQLError.Shorten($"Unknown operation named \"{name}\".")
            : Operations.Count == 0 ? "Must provide an operation."
            : "Must provide operation name if query contains multiple operations.")
        {
            Code = ErrorCodes.BadRequest,
        };
        return operation;
    }

    private static int Count(Node node) => 1 + node.Children.Sum(Count);
}
