using System.Reflection;

namespace Chat.GraphQL;

/// <summary>
/// Maps C# types to output types (specification 3.4.2). A type is known by name as soon as it is met, and gets its
/// fields later: types may refer to each other in circles.
/// </summary>
internal sealed class OutputTypes(EnumTypes enums, List<string> problems)
{
    private readonly Dictionary<Type, CompositeType> composites = [];
    private readonly Queue<(Type Clr, CompositeType Type)> incomplete = new();

    public IEnumerable<KeyValuePair<Type, CompositeType>> All => composites;

    /// <summary>The next type that has no fields yet.</summary>
    public bool TryTake(out Type clr, out CompositeType type)
    {
        var found = incomplete.TryDequeue(out var next);
        (clr, type) = next;
        return found;
    }

    /// <summary>The type of a field; null, with a problem noted, when there is none.</summary>
    public GraphQLType? Map(ClrTypeShape shape, bool isID, string place)
    {
        GraphQLType? type = shape.Element is { } element
            ? Map(element, isID, place)?.List
            : MapValue(shape.Value, isID, place);
        return type is null || shape.IsNullable ? type : type.NonNull;
    }

    public CompositeType MapComposite(Type clr)
    {
        if (composites.TryGetValue(clr, out var known))
            return known;
        var name = Names.Of(clr);
        var description = clr.GetCustomAttribute<GraphQLDescriptionAttribute>(inherit: false)?.Description;
        CompositeType type = clr.IsDefined(typeof(UnionTypeAttribute), inherit: false)
            ? new UnionType(name) { Description = description }
            : clr.IsDefined(typeof(InterfaceTypeAttribute), inherit: false)
                ? new InterfaceType(name) { Description = description }
                : new ObjectType(name) { Description = description };
        composites.Add(clr, type);
        incomplete.Enqueue((clr, type));
        return type;
    }

    private NamedType? MapValue(Type clr, bool isID, string place)
    {
        if (isID && Scalars.CanBeID(clr))
            return Scalars.ID;
        if (Scalars.Of(clr) is { } scalar)
            return scalar;
        if (clr.IsEnum)
            return enums.Map(clr);
        if (IsComposite(clr))
            return MapComposite(clr);
        problems.Add(
            $"The type {clr.Name} of {place} is no output type. Interfaces need [InterfaceType] or [UnionType].");
        return null;
    }

    private static bool IsComposite(Type clr) =>
        clr.IsInterface
            ? clr.IsDefined(typeof(InterfaceTypeAttribute), inherit: false) ||
              clr.IsDefined(typeof(UnionTypeAttribute), inherit: false)
            : clr != typeof(object) && !clr.IsPrimitive && !clr.IsAbstract && !clr.IsPointer &&
              clr.Namespace?.StartsWith("System", StringComparison.Ordinal) != true &&
              !typeof(Task).IsAssignableFrom(clr);
}
