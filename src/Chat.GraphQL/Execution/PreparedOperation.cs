namespace Chat.GraphQL;

/// <summary>An operation that is ready to run: parsed, validated, planned, with its variables coerced.</summary>
internal sealed record PreparedOperation(OperationPlan Plan, VariableValues Variables)
{
    public OperationKind Kind => Plan.Operation.Kind;
}
