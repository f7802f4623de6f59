namespace Chat.GraphQL;

[GraphQLName("__TypeKind")]
[GraphQLDescription("An enum describing what kind of type a given `__Type` is.")]
internal enum TypeKind
{
    Scalar,
    Object,
    Interface,
    Union,
    Enum,
    InputObject,
    List,
    NonNull,
}

[GraphQLName("__Type")]
[GraphQLDescription(
    "The fundamental unit of any GraphQL Schema is the type. There are many kinds of types in GraphQL as represented " +
    "by the `__TypeKind` enum. Depending on the kind of a type, certain fields describe information about that type.")]
internal sealed class TypeView(GraphQLType type)
{
    public static TypeView? Of(GraphQLType? type) => type is null ? null : new TypeView(type);

    [GraphQLIgnore]
    public GraphQLType Type { get; } = type;

    public TypeKind Kind => Type switch
    {
        ScalarType => TypeKind.Scalar,
        ObjectType => TypeKind.Object,
        InterfaceType => TypeKind.Interface,
        UnionType => TypeKind.Union,
        EnumType => TypeKind.Enum,
        InputObjectType => TypeKind.InputObject,
        ListType => TypeKind.List,
        _ => TypeKind.NonNull,
    };

    public string? Name => (Type as NamedType)?.Name;

    public string? Description => (Type as NamedType)?.Description;

    [GraphQLName("specifiedByURL")]
    public string? SpecifiedByUrl => (Type as ScalarType)?.SpecifiedByUrl;

    public IEnumerable<TypeView>? Interfaces => (Type as FieldsType)?.Interfaces.Select(type => new TypeView(type));

    public IEnumerable<TypeView>? PossibleTypes => Type is InterfaceType or UnionType
        ? ((CompositeType)Type).PossibleTypes.Select(type => new TypeView(type))
        : null;

    public TypeView? OfType => Type switch
    {
        ListType list => new TypeView(list.OfType),
        NonNullType nonNull => new TypeView(nonNull.OfType),
        _ => null,
    };

    public bool? IsOneOf => (Type as InputObjectType)?.IsOneOf;
}

/// <summary>The fields of <c>__Type</c> that have arguments.</summary>
[ObjectType<TypeView>]
internal static class TypeFields
{
    public static IEnumerable<FieldView>? Fields([Parent] TypeView type, bool includeDeprecated = false) =>
        (type.Type as FieldsType)?.Fields
            .Where(field => includeDeprecated || field.DeprecationReason is null)
            .Select(field => new FieldView(field));

    public static IEnumerable<EnumValueView>? EnumValues([Parent] TypeView type, bool includeDeprecated = false) =>
        (type.Type as EnumType)?.Members
            .Where(member => includeDeprecated || member.DeprecationReason is null)
            .Select(member => new EnumValueView(member));

    public static IEnumerable<InputValueView>? InputFields([Parent] TypeView type, bool includeDeprecated = false) =>
        (type.Type as InputObjectType)?.Fields
            .Where(field => includeDeprecated || field.DeprecationReason is null)
            .Select(field => new InputValueView(field));
}
