namespace Chat.GraphQL;

/// <summary>Specification 5.2.1.1: the schema has a root type for the operation.</summary>
internal sealed class KnownOperationTypes(ValidationContext context) : ValidationRule(context)
{
    public override void Enter(Node node)
    {
        if (node is not OperationNode operation || Context.Schema.RootType(operation.Kind) is not null)
            return;
        var kind = operation.Kind == OperationKind.Mutation ? "mutation" : "subscription";
        Report($"The {kind} operation is not supported by the schema.", operation);
    }
}
