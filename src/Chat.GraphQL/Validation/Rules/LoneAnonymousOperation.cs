namespace Chat.GraphQL;

/// <summary>Specification 5.2.3.1: an operation without a name is the only one.</summary>
internal sealed class LoneAnonymousOperation(ValidationContext context) : ValidationRule(context)
{
    public override void Enter(Node node)
    {
        if (node is OperationNode { Name: null } && Context.Document.Definitions.OfType<OperationNode>().Skip(1).Any())
            Report("This anonymous operation must be the only defined operation.", node);
    }
}
