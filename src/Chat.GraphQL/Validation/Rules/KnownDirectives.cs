namespace Chat.GraphQL;

/// <summary>Specification 5.7.1 and 5.7.2: directives exist and stand where they may.</summary>
internal sealed class KnownDirectives(ValidationContext context) : ValidationRule(context)
{
    public override void Enter(Node node)
    {
        if (node is not DirectiveNode directive)
            return;
        var name = directive.Name.Value;
        if (LocationsOf(name) is not { } locations)
            Report($"Unknown directive \"@{name}\".", directive);
        else if (LocationOf(Context.Ancestors) is var location && !locations.Contains(location, StringComparer.Ordinal))
            Report($"Directive \"@{name}\" may not be used on {location}.", directive);
    }

    private IEnumerable<string>? LocationsOf(string name) =>
        Context.Document.Definitions.OfType<DirectiveDefinitionNode>()
            .LastOrDefault(definition => definition.Name.Value == name && !definition.IsExtension)
            ?.Locations.Select(location => location.Value) ??
        Context.Schema.FindDirective(name)?.Locations;

    private static string LocationOf(List<Node> ancestors) => ancestors[^1] switch
    {
        OperationNode { Kind: OperationKind.Query } => "QUERY",
        OperationNode { Kind: OperationKind.Mutation } => "MUTATION",
        OperationNode => "SUBSCRIPTION",
        FieldNode => "FIELD",
        FragmentSpreadNode => "FRAGMENT_SPREAD",
        InlineFragmentNode => "INLINE_FRAGMENT",
        FragmentNode => "FRAGMENT_DEFINITION",
        VariableDefinitionNode => "VARIABLE_DEFINITION",
        SchemaNode => "SCHEMA",
        ScalarTypeNode => "SCALAR",
        FieldsTypeNode { IsInterface: true } => "INTERFACE",
        FieldsTypeNode => "OBJECT",
        FieldDefinitionNode => "FIELD_DEFINITION",
        UnionTypeNode => "UNION",
        EnumTypeNode => "ENUM",
        EnumValueDefinitionNode => "ENUM_VALUE",
        InputObjectTypeNode => "INPUT_OBJECT",
        InputValueDefinitionNode when ancestors[^2] is InputObjectTypeNode => "INPUT_FIELD_DEFINITION",
        InputValueDefinitionNode => "ARGUMENT_DEFINITION",
        _ => "DIRECTIVE_DEFINITION",
    };
}
