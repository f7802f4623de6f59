namespace Chat.GraphQL;

/// <summary>Specification 5.4.3: required arguments are given.</summary>
internal sealed class ProvidedRequiredArguments(ValidationContext context) : ValidationRule(context)
{
    public override void Leave(Node node)
    {
        switch (node)
        {
            case FieldNode field when Context.Types.Field is { } definition:
                foreach (var argument in definition.Arguments.Where(argument => argument.IsRequired))
                    Check(argument.Name, argument.ToString(), argument.Type, field.Arguments, field);
                break;
            case DirectiveNode directive:
                CheckDirective(directive);
                break;
        }
    }

    private void CheckDirective(DirectiveNode directive)
    {
        var name = directive.Name.Value;
        var inDocument = Context.Document.Definitions.OfType<DirectiveDefinitionNode>()
            .LastOrDefault(definition => definition.Name.Value == name && !definition.IsExtension);
        var required = inDocument is not null
            ? inDocument.Arguments
                .Where(argument => argument is { Type: NonNullTypeNode, DefaultValue: null })
                .Select(argument => (argument.Name.Value, (object)argument.Type))
            : Context.Schema.FindDirective(name)?.Arguments.Where(argument => argument.IsRequired)
                .Select(argument => (argument.Name, (object)argument.Type)) ?? [];
        foreach (var (argument, type) in required)
            Check(argument, $"@{name}({argument}:)", type, directive.Arguments, directive);
    }

    private void Check(string name, string coordinate, object type, ArgumentNode[] given, Node node)
    {
        if (!Array.Exists(given, argument => argument.Name.Value == name))
            Report($"Argument \"{coordinate}\" of type \"{type}\" is required, but it was not provided.", node);
    }
}
