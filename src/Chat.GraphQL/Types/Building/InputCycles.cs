namespace Chat.GraphQL;

/// <summary>
/// Finds input types of which no finite value exists, since values of them need values of themselves (specification
/// 3.10, "Circular References"; for @oneOf types each field would have to).
/// </summary>
internal static class InputCycles
{
    public static void Check(IReadOnlyList<InputObjectType> types, SchemaProblems problems)
    {
        var finite = new HashSet<NamedType>();
        var isMore = true;
        while (isMore)
        {
            isMore = false;
            foreach (var type in types.Where(type => !finite.Contains(type)))
                isMore |= IsFinite(type, finite) && finite.Add(type);
        }

        foreach (var type in types.Where(type => type.Fields.Count > 0 && !finite.Contains(type)))
        {
            var fields = type.Fields.Where(field => NeededBy(type, field) is { } needed && !finite.Contains(needed))
                .Select(SchemaProblems.Place);
            problems.Add(
                SchemaProblems.Place(type),
                $"no finite value can exist, since values need values of themselves: {string.Join(", ", fields)}.");
        }
    }

    private static bool IsFinite(InputObjectType type, HashSet<NamedType> finite)
    {
        bool IsFinite(InputField field) => NeededBy(type, field) is not { } needed || finite.Contains(needed);
        return type.IsOneOf ? type.Fields.Any(IsFinite) : type.Fields.All(IsFinite);
    }

    /// <summary>
    /// The input type that a value of the field cannot do without; null when it can be null or empty.
    /// </summary>
    private static InputObjectType? NeededBy(InputObjectType type, InputField field) =>
        type.IsOneOf || field.Type is NonNullType ? field.Type.Nullable as InputObjectType : null;
}
