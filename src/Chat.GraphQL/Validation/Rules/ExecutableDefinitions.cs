namespace Chat.GraphQL;

/// <summary>Specification 5.1.1: a document to execute holds operations and fragments only.</summary>
internal sealed class ExecutableDefinitions(ValidationContext context) : ValidationRule(context)
{
    public override void Enter(Node node)
    {
        if (node is not TypeSystemNode definition)
            return;
        var name = definition switch
        {
            TypeDefinitionNode type => $"\"{type.Name.Value}\"",
            DirectiveDefinitionNode directive => $"\"{directive.Name.Value}\"",
            _ => "schema",
        };
        Report($"The {name} definition is not executable.", definition);
    }
}
