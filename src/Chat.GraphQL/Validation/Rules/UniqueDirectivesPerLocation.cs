namespace Chat.GraphQL;

/// <summary>Specification 5.7.3: a directive is used once at a place unless it is repeatable.</summary>
internal sealed class UniqueDirectivesPerLocation(ValidationContext context) : ValidationRule(context)
{
    private readonly Dictionary<string, Dictionary<string, DirectiveNode>> ofDefinitions = new(StringComparer.Ordinal);

    public override void Enter(Node node)
    {
        if (node is not IHasDirectives { Directives: { Length: > 0 } directives })
            return;
        var seen = SeenAt(node);
        foreach (var directive in directives)
        {
            var name = directive.Name.Value;
            if (IsUnique(name) && !seen.TryAdd(name, directive))
                Report($"The directive \"@{name}\" can only be used once at this location.", seen[name], directive);
        }
    }

    /// <summary>A definition and its extensions are one place.</summary>
    private Dictionary<string, DirectiveNode> SeenAt(Node node)
    {
        var definition = node switch
        {
            SchemaNode => "schema",
            TypeDefinitionNode type => "type " + type.Name.Value,
            DirectiveDefinitionNode directive => "directive " + directive.Name.Value,
            _ => null,
        };
        if (definition is null)
            return new Dictionary<string, DirectiveNode>(StringComparer.Ordinal);
        if (!ofDefinitions.TryGetValue(definition, out var seen))
            ofDefinitions.Add(definition, seen = new Dictionary<string, DirectiveNode>(StringComparer.Ordinal));
        return seen;
    }

    private bool IsUnique(string name)
    {
        var definition = Context.Document.Definitions.OfType<DirectiveDefinitionNode>()
            .LastOrDefault(candidate => candidate.Name.Value == name && !candidate.IsExtension);
        return definition is not null
            ? !definition.IsRepeatable
            : Context.Schema.FindDirective(name) is { IsRepeatable: false };
    }
}
