namespace Chat.GraphQL;

/// <summary>Specification 5.5.1.2 and 5.8.2: types that a document names exist.</summary>
internal sealed class KnownTypeNames(ValidationContext context) : ValidationRule(context)
{
    private HashSet<string>? defined;

    public override void Enter(Node node)
    {
        if (node is not NamedTypeNode { Name.Value: var name } || Context.Schema.FindType(name) is not null)
            return;
        defined ??= Context.Document.Definitions.OfType<TypeDefinitionNode>().Where(type => !type.IsExtension)
            .Select(type => type.Name.Value).ToHashSet(StringComparer.Ordinal);
        if (defined.Contains(name))
            return;
        var standard = Context.Ancestors.ElementAtOrDefault(1) is TypeSystemNode
            ? Scalars.Specified.Concat(Introspection.Types).Select(type => type.Name)
            : [];
        if (standard.Contains(name, StringComparer.Ordinal))
            return;
        var options = standard.Concat(Context.Schema.Types.Select(type => type.Name)).Concat(defined);
        Report($"Unknown type \"{name}\".{Context.DidYouMean(name, options)}", node);
    }
}
