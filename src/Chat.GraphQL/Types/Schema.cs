namespace Chat.GraphQL;

/// <summary>
/// A complete schema (specification 3.3). It is never changed once it is made, so that it may be read by all threads.
/// </summary>
internal sealed class Schema
{
    private readonly Dictionary<string, NamedType> byName;
    private readonly Func<object, ObjectType?> typeOf;

    /// <summary>Joins the types; references between them are complete already.</summary>
    /// <param name="types">All types that can be reached, in the order they are to be printed.</param>
    /// <param name="typeOf">Finds the object type of a resolved value (specification 6.4.3,
    /// ResolveAbstractType).</param>
    /// <param name="directives">Directives besides those that every schema has.</param>
    public Schema(
        IReadOnlyList<NamedType> types, Func<object, ObjectType?> typeOf,
        IReadOnlyList<DirectiveType>? directives = null)
    {
        this.typeOf = typeOf;
        Types = [.. types, .. Introspection.Types.Where(type => !types.Contains(type))];
        byName = Types.ToDictionary(type => type.Name, StringComparer.Ordinal);
        var own = directives ?? [];
        Directives = [.. own, .. DirectiveType.Specified.Where(
            specified => own.All(directive => directive.Name != specified.Name))];
    }

    public string? Description { get; init; }

    public IReadOnlyList<NamedType> Types { get; }

    public IReadOnlyList<DirectiveType> Directives { get; }

    public required ObjectType QueryType { get; init; }

    public ObjectType? MutationType { get; init; }

    public ObjectType? SubscriptionType { get; init; }

    public NamedType? FindType(string name) => byName.GetValueOrDefault(name);

    public DirectiveType? FindDirective(string name) => Directives.FirstOrDefault(directive => directive.Name == name);

    public ObjectType? RootType(OperationKind operation) => operation switch
    {
        OperationKind.Query => QueryType,
        OperationKind.Mutation => MutationType,
        _ => SubscriptionType,
    };

    /// <summary>The type that a reference in a document means; null when it names no type.</summary>
    public GraphQLType? TypeOf(TypeNode reference) => reference switch
    {
        ListTypeNode list => TypeOf(list.Type)?.List,
        NonNullTypeNode nonNull => TypeOf(nonNull.Type)?.NonNull,
        NamedTypeNode named => FindType(named.Name.Value),
        _ => null,
    };

    /// <summary>The field that a selection on the type means, meta fields included.</summary>
    public Field? FieldOf(CompositeType type, string name)
    {
        if (name == TypeNameField.Name)
            return TypeNameField.Definition;
        if (type == QueryType && name.StartsWith("__", StringComparison.Ordinal))
            return Introspection.MetaFields.FirstOrDefault(field => field.Name == name);
        return type is FieldsType fields && fields.TryGetField(name, out var found) ? found : null;
    }

    /// <summary>The object type of a resolved value; null when no object type is mapped from its class.</summary>
    public ObjectType? TypeOf(object value) => typeOf(value);

    /// <summary>Whether objects of the concrete type may stand where the composite type is expected.</summary>
    public static bool IsPossible(CompositeType type, ObjectType concrete) =>
        type == concrete || (type is not ObjectType && type.PossibleTypes.Contains(concrete));

    /// <summary>Whether an object can be of both types.</summary>
    public static bool Overlap(CompositeType one, CompositeType other) =>
        one == other || one.PossibleTypes.Any(other.PossibleTypes.Contains);

    /// <summary>Whether every value of one type is a value of the other (specification 3.6, covariance).</summary>
    public static bool IsSubType(GraphQLType type, GraphQLType super) => (type, super) switch
    {
        _ when type == super => true,
        (NonNullType one, NonNullType other) => IsSubType(one.OfType, other.OfType),
        (NonNullType one, _) => IsSubType(one.OfType, super),
        (ListType one, ListType other) => IsSubType(one.OfType, other.OfType),
        (ObjectType one, UnionType union) => union.PossibleTypes.Contains(one),
        (FieldsType one, InterfaceType other) => one.Interfaces.Contains(other),
        _ => false,
    };
}
