using System.Text.Json;

namespace Chat.GraphQL;

/// <summary>Where a directive may stand (specification 3.13).</summary>
[GraphQLName("__DirectiveLocation")]
[GraphQLDescription(
    "A Directive can be adjacent to many parts of the GraphQL language, a __DirectiveLocation describes one such " +
    "possible adjacencies.")]
public enum DirectiveLocation
{
    /// <summary>On a query of a document.</summary>
    [GraphQLDescription("Location adjacent to a query operation.")]
    Query,

    /// <summary>On a mutation of a document.</summary>
    [GraphQLDescription("Location adjacent to a mutation operation.")]
    Mutation,

    /// <summary>On a subscription of a document.</summary>
    [GraphQLDescription("Location adjacent to a subscription operation.")]
    Subscription,

    /// <summary>On a field of a selection set.</summary>
    [GraphQLDescription("Location adjacent to a field.")]
    Field,

    /// <summary>On a fragment of a document.</summary>
    [GraphQLDescription("Location adjacent to a fragment definition.")]
    FragmentDefinition,

    /// <summary>On the use of a fragment.</summary>
    [GraphQLDescription("Location adjacent to a fragment spread.")]
    FragmentSpread,

    /// <summary>On an inline fragment.</summary>
    [GraphQLDescription("Location adjacent to an inline fragment.")]
    InlineFragment,

    /// <summary>On a variable of an operation.</summary>
    [GraphQLDescription("Location adjacent to an operation variable definition.")]
    VariableDefinition,

    /// <summary>On a variable of a fragment.</summary>
    [GraphQLDescription("Location adjacent to a fragment variable definition.")]
    FragmentVariableDefinition,

    /// <summary>On the schema itself.</summary>
    [GraphQLDescription("Location adjacent to a schema definition.")]
    Schema,

    /// <summary>On a scalar type.</summary>
    [GraphQLDescription("Location adjacent to a scalar definition.")]
    Scalar,

    /// <summary>On an object type.</summary>
    [GraphQLDescription("Location adjacent to an object type definition.")]
    Object,

    /// <summary>On a field of an object or interface type.</summary>
    [GraphQLDescription("Location adjacent to a field definition.")]
    FieldDefinition,

    /// <summary>On an argument of a field or directive.</summary>
    [GraphQLDescription("Location adjacent to an argument definition.")]
    ArgumentDefinition,

    /// <summary>On an interface type.</summary>
    [GraphQLDescription("Location adjacent to an interface definition.")]
    Interface,

    /// <summary>On a union type.</summary>
    [GraphQLDescription("Location adjacent to a union definition.")]
    Union,

    /// <summary>On an enum type.</summary>
    [GraphQLDescription("Location adjacent to an enum definition.")]
    Enum,

    /// <summary>On a value of an enum type.</summary>
    [GraphQLDescription("Location adjacent to an enum value definition.")]
    EnumValue,

    /// <summary>On an input object type.</summary>
    [GraphQLDescription("Location adjacent to an input object type definition.")]
    InputObject,

    /// <summary>On a field of an input object type.</summary>
    [GraphQLDescription("Location adjacent to an input object field definition.")]
    InputFieldDefinition,

    /// <summary>On a directive of the schema.</summary>
    [GraphQLDescription("Location adjacent to a directive definition.")]
    DirectiveDefinition,
}

/// <summary>The names of the locations in the schema definition language.</summary>
internal static class DirectiveLocations
{
    public static string NameOf(DirectiveLocation location) =>
        JsonNamingPolicy.SnakeCaseUpper.ConvertName(location.ToString());

    public static DirectiveLocation Parse(string name) =>
        Enum.Parse<DirectiveLocation>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
}
