namespace Chat.GraphQL;

/// <summary>
/// Maps C# types to output types (specification 3.4.2). A type is known by name as soon as it is met, and gets its
/// fields later: types may refer to each other in circles.
/// </summary>
internal sealed class OutputTypes(
    EnumTypes enums, ScalarTypes scalars, Elements elements, SchemaProblems problems)
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
        if (shape.Element is { Async: not AsyncKind.None })
        {
            problems.Add(place, "a list of tasks or streams is no result.");
            return null;
        }

        GraphQLType? type = shape.Element is { } element
            ? Map(element, isID, place)?.List
            : MapValue(shape.Value, isID, place);
        return type is null || shape.IsNullable ? type : type.NonNull;
    }

    public CompositeType MapComposite(Type clr)
    {
        if (composites.TryGetValue(clr, out var known))
            return known;
        var type = Create(clr, Names.Of(clr));
        composites.Add(clr, type);
        incomplete.Enqueue((clr, type));
        return type;
    }

    public static bool IsInterface(Type clr) => clr.IsDefined(typeof(InterfaceTypeAttribute), inherit: false);

    public static bool IsUnion(Type clr) => clr.IsDefined(typeof(UnionTypeAttribute), inherit: false);

    /// <summary>Whether the C# type is mapped to a type with fields, or to a union.</summary>
    public bool IsComposite(Type clr) =>
        scalars.Of(clr) is null && !clr.IsEnum &&
        (clr.IsInterface || clr.IsAbstract
            ? IsInterface(clr) || IsUnion(clr)
            : clr != typeof(object) && !clr.IsPrimitive && !clr.IsPointer &&
              clr.Namespace?.StartsWith("System", StringComparison.Ordinal) != true &&
              !typeof(Task).IsAssignableFrom(clr));

    private CompositeType Create(Type clr, string name)
    {
        var description = Elements.DescriptionOf(clr);
        var origin = SchemaProblems.NameOf(clr);
        if (IsUnion(clr))
        {
            var applied = AppliedTo(clr, DirectiveLocation.Union, name);
            return new UnionType(name) { Description = description, Origin = origin, Applied = applied };
        }

        if (IsInterface(clr))
        {
            var applied = AppliedTo(clr, DirectiveLocation.Interface, name);
            return new InterfaceType(name) { Description = description, Origin = origin, Applied = applied };
        }

        return new ObjectType(name)
        {
            Description = description,
            Origin = origin,
            Applied = AppliedTo(clr, DirectiveLocation.Object, name),
        };
    }

    private IReadOnlyList<AppliedDirective> AppliedTo(Type clr, DirectiveLocation location, string name) =>
        elements.AppliedTo(clr, location, SchemaProblems.Place(name, SchemaProblems.NameOf(clr)));

    private NamedType? MapValue(Type clr, bool isID, string place)
    {
        if (isID && Scalars.CanBeID(clr))
            return Scalars.ID;
        if (isID)
        {
            problems.Add(place, $"the type {SchemaProblems.NameOf(clr)} cannot be an [ID].");
            return null;
        }

        if (scalars.Of(clr) is { } scalar)
            return scalar;
        if (clr.IsEnum)
            return enums.Map(clr);
        if (IsComposite(clr))
            return MapComposite(clr);
        problems.Add(
            place,
            $"the type {SchemaProblems.NameOf(clr)} is no output type. Interfaces and abstract classes need " +
            "[InterfaceType] or [UnionType], other values a scalar.");
        return null;
    }
}
