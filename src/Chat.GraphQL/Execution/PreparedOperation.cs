namespace Chat.GraphQL;

/// <summary>An operation that is ready to run: parsed, validated, planned, with its variables coerced.</summary>
internal sealed record PreparedOperation(OperationPlan Plan, VariableValues Variables)
{
    public OperationKind Kind => Plan.Operation.Kind;

    /// <summary>
    /// Tells apart what the variables make of an event: of a subscription only, see <see cref="EventDependencies"/>.
    /// </summary>
    public string EventKey { get; init; } = "";

    /// <summary>Events of a page that are executed in one run: of a subscription only.</summary>
    public int PageRows { get; init; } = 1;
}
