namespace Chat.GraphQL;

/// <summary>Specification 5.1.1: a document to execute holds operations and fragments only.</summary>
internal sealed class ExecutableDefinitions(ValidationContext context) : ValidationRule(context)
{
    // All of them before anything else is looked at: where there are too many errors, these are among those reported.
    public override void Enter(Node node)
    {
        if (node is not DocumentNode document)
            return;
        foreach (var definition in document.Definitions.OfType<TypeSystemNode>())
            Report($"The {NameOf(definition)} definition is not executable.", definition);
    }

    private static string NameOf(TypeSystemNode definition) => definition switch
    {
        TypeDefinitionNode type => $"\"{type.Name.Value}\"",
        DirectiveDefinitionNode directive => $"\"{directive.Name.Value}\"",
        _ => "schema",
    };
}
