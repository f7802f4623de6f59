namespace Chat.GraphQL.Oracle;

/// <summary>
/// The types of a schema in the order of the reference implementation: a specified scalar follows the type that refers
/// to it first, and one that nothing refers to is not there.
/// </summary>
internal static class OracleTypeOrder
{
    public static IReadOnlyList<NamedType> Of(
        IReadOnlyCollection<NamedType> defined, IEnumerable<DirectiveType> directives)
    {
        var found = new OrderedDictionary<string, NamedType>(StringComparer.Ordinal);
        var names = defined.Select(type => type.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var type in defined)
        {
            found.Add(type.Name, type);
            foreach (var reference in References(type).Where(reference => !names.Contains(reference.Named.Name)))
                Add(found, reference);
        }

        foreach (var argument in directives.SelectMany(directive => directive.Arguments))
        {
            if (!names.Contains(argument.Type.Named.Name))
                Add(found, argument.Type);
        }

        Add(found, Introspection.Types[0]);
        return [.. found.Values];
    }

    private static void Add(OrderedDictionary<string, NamedType> found, GraphQLType type)
    {
        var named = type.Named;
        if (!found.TryAdd(named.Name, named))
            return;
        foreach (var referred in References(named))
            Add(found, referred);
    }

    private static IEnumerable<GraphQLType> References(NamedType type) => type switch
    {
        UnionType union => union.PossibleTypes,
        FieldsType fields => fields.Interfaces.Concat(fields.Fields.SelectMany(
            field => field.Arguments.Select(argument => argument.Type).Prepend(field.Type))),
        InputObjectType input => input.Fields.Select(field => field.Type),
        _ => [],
    };
}
