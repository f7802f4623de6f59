namespace Chat.GraphQL.Oracle;

/// <summary>The definitions of a schema's text, each with what its extensions add.</summary>
internal sealed class OracleDefinitions(DocumentNode document)
{
    private readonly ILookup<string, TypeDefinitionNode> extensions = document.Definitions
        .OfType<TypeDefinitionNode>().Where(definition => definition.IsExtension)
        .ToLookup(definition => definition.Name.Value, StringComparer.Ordinal);

    private readonly SchemaNode[] schemas = [.. document.Definitions.OfType<SchemaNode>()];

    public IEnumerable<TypeDefinitionNode> Types => document.Definitions
        .OfType<TypeDefinitionNode>().Where(definition => !definition.IsExtension);

    public IEnumerable<DirectiveDefinitionNode> Directives => document.Definitions
        .OfType<DirectiveDefinitionNode>().Where(definition => !definition.IsExtension);

    public string? Description => Array.Find(schemas, schema => !schema.IsExtension)?.Description?.Value;

    /// <summary>The name of a root type: what the schema says, or else what is usual.</summary>
    public string? RootType(OperationKind operation)
    {
        var given = schemas.SelectMany(schema => schema.OperationTypes)
            .FirstOrDefault(type => type.Operation == operation)?.Type.Name.Value;
        return given is null && Array.TrueForAll(schemas, schema => schema.IsExtension) ? operation.ToString() : given;
    }

    /// <summary>The parts that a definition and its extensions have of one kind.</summary>
    public IEnumerable<TPart> Parts<TDefinition, TPart>(TDefinition definition, Func<TDefinition, TPart[]> parts)
        where TDefinition : TypeDefinitionNode =>
        extensions[definition.Name.Value].OfType<TDefinition>().Prepend(definition).SelectMany(parts);

    /// <summary>The argument of a directive of a type; null when the type has no such directive.</summary>
    public string? Applied(TypeDefinitionNode definition, DirectiveType directive) =>
        Applied(Parts(definition, node => node.Directives), directive);

    /// <summary>Why a directive is deprecated, which an extension may say.</summary>
    public string? DeprecationReason(DirectiveDefinitionNode definition) => Applied(
        document.Definitions.OfType<DirectiveDefinitionNode>()
            .Where(node => node.Name.Value == definition.Name.Value).SelectMany(node => node.Directives),
        DirectiveType.Deprecated);

    public static string? DeprecationReason(IHasDirectives node) => Applied(node.Directives, DirectiveType.Deprecated);

    private static string? Applied(IEnumerable<DirectiveNode> directives, DirectiveType directive)
    {
        var applied = directives.FirstOrDefault(candidate => candidate.Name.Value == directive.Name);
        if (applied is null)
            return null;
        var value = applied.Arguments.Select(argument => argument.Value)
            .Append(directive.Arguments.Select(argument => argument.DefaultLiteral).FirstOrDefault())
            .OfType<StringValueNode>().FirstOrDefault();
        return value?.Value ?? "";
    }
}
