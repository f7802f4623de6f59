namespace Chat.GraphQL;

[GraphQLName("__TypeKind")]
[GraphQLDescription("An enum describing what kind of type a given `__Type` is.")]
internal enum TypeKind
{
    [GraphQLDescription("Indicates this type is a scalar.")]
    Scalar,

    [GraphQLDescription("Indicates this type is an object. `fields` and `interfaces` are valid fields.")]
    Object,

    [GraphQLDescription(
        "Indicates this type is an interface. `fields`, `interfaces`, and `possibleTypes` are valid fields.")]
    Interface,

    [GraphQLDescription("Indicates this type is a union. `possibleTypes` is a valid field.")]
    Union,

    [GraphQLDescription("Indicates this type is an enum. `enumValues` is a valid field.")]
    Enum,

    [GraphQLDescription("Indicates this type is an input object. `inputFields` is a valid field.")]
    InputObject,

    [GraphQLDescription("Indicates this type is a list. `ofType` is a valid field.")]
    List,

    [GraphQLDescription("Indicates this type is a non-null. `ofType` is a valid field.")]
    NonNull,
}

[GraphQLName("__Type")]
[GraphQLDescription(
    "The fundamental unit of any GraphQL Schema is the type. There are many kinds of types in GraphQL as represented " +
    "by the `__TypeKind` enum.\n\nDepending on the kind of a type, certain fields describe information about that " +
    "type. Scalar types provide no information beyond a name, description and optional `specifiedByURL`, while Enum " +
    "types provide their values. Object and Interface types provide the fields they describe. Abstract types, Union " +
    "and Interface, provide the Object types possible at runtime. List and NonNull types compose other types.")]
internal sealed class TypeView(GraphQLType type)
{
    public static TypeView? Of(GraphQLType? type) => type is null ? null : new TypeView(type);

    [GraphQLIgnore]
    public GraphQLType Type { get; } = type;
}

/// <summary>The fields of <c>__Type</c>, in the order of the specification.</summary>
[ObjectType<TypeView>]
internal static class TypeFields
{
    public static TypeKind Kind([Parent] TypeView view) => view.Type switch
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

    public static string? Name([Parent] TypeView view) => (view.Type as NamedType)?.Name;

    public static string? Description([Parent] TypeView view) => (view.Type as NamedType)?.Description;

    [GraphQLName("specifiedByURL")]
    public static string? SpecifiedByUrl([Parent] TypeView view) => (view.Type as ScalarType)?.SpecifiedByUrl;

    public static IEnumerable<FieldView>? Fields([Parent] TypeView view, bool includeDeprecated = false) =>
        (view.Type as FieldsType)?.Fields
            .Where(field => includeDeprecated || field.DeprecationReason is null)
            .Select(field => new FieldView(field));

    public static IEnumerable<TypeView>? Interfaces([Parent] TypeView view) =>
        (view.Type as FieldsType)?.Interfaces.Select(type => new TypeView(type));

    public static IEnumerable<TypeView>? PossibleTypes([Parent] TypeView view) =>
        view.Type is InterfaceType or UnionType
            ? ((CompositeType)view.Type).PossibleTypes.Select(type => new TypeView(type))
            : null;

    public static IEnumerable<EnumValueView>? EnumValues([Parent] TypeView view, bool includeDeprecated = false) =>
        (view.Type as EnumType)?.Members
            .Where(member => includeDeprecated || member.DeprecationReason is null)
            .Select(member => new EnumValueView(member));

    public static IEnumerable<InputValueView>? InputFields([Parent] TypeView view, bool includeDeprecated = false) =>
        view.Type is InputObjectType input ? InputValueView.Of(input.Fields, includeDeprecated) : null;

    public static TypeView? OfType([Parent] TypeView view) => view.Type switch
    {
        ListType list => new TypeView(list.OfType),
        NonNullType nonNull => new TypeView(nonNull.OfType),
        _ => null,
    };

    public static bool? IsOneOf([Parent] TypeView view) => (view.Type as InputObjectType)?.IsOneOf;
}
