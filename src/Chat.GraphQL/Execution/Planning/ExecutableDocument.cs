namespace Chat.GraphQL;

/// <summary>A document that has been parsed and validated, with what is known of its operations.</summary>
internal sealed class ExecutableDocument
{
    private readonly Dictionary<OperationNode, OperationPlans> plans = [];

    public ExecutableDocument(Schema schema, DocumentNode document)
    {
        Source = document.Source;
        Fragments = document.Definitions.OfType<FragmentNode>()
            .ToDictionary(fragment => fragment.Name.Value, StringComparer.Ordinal);
        Operations = [.. document.Definitions.OfType<OperationNode>()];
        foreach (var operation in Operations)
            plans.Add(operation, new OperationPlans(schema, this, operation));
    }

    public string Source { get; }

    public IReadOnlyDictionary<string, FragmentNode> Fragments { get; }

    public IReadOnlyList<OperationNode> Operations { get; }

    public OperationPlans PlansOf(OperationNode operation) => plans[operation];

    /// <summary>Specification 6.1, GetOperation.</summary>
    public OperationNode? Find(string? name, out GraphQLError? error)
    {
        var operation = name is not null
            ? Operations.FirstOrDefault(candidate => candidate.Name?.Value == name)
            : Operations.Count == 1 ? Operations[0] : null;
        error = operation is not null ? null : new GraphQLError(
            name is not null ? $"Unknown operation named \"{name}\"."
            : Operations.Count == 0 ? "Must provide an operation."
            : "Must provide operation name if query contains multiple operations.")
        {
            Code = ErrorCodes.BadRequest,
        };
        return operation;
    }
}
