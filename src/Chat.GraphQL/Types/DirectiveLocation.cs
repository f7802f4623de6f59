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
    Query,

    /// <summary>On a mutation of a document.</summary>
    Mutation,

    /// <summary>On a subscription of a document.</summary>
    Subscription,

    /// <summary>On a field of a selection set.</summary>
    Field,

    /// <summary>On a fragment of a document.</summary>
    FragmentDefinition,

    /// <summary>On the use of a fragment.</summary>
    FragmentSpread,

    /// <summary>On an inline fragment.</summary>
    InlineFragment,

    /// <summary>On a variable of an operation.</summary>
    VariableDefinition,

    /// <summary>On the schema itself.</summary>
    Schema,

    /// <summary>On a scalar type.</summary>
    Scalar,

    /// <summary>On an object type.</summary>
    Object,

    /// <summary>On a field of an object or interface type.</summary>
    FieldDefinition,

    /// <summary>On an argument of a field or directive.</summary>
    ArgumentDefinition,

    /// <summary>On an interface type.</summary>
    Interface,

    /// <summary>On a union type.</summary>
    Union,

    /// <summary>On an enum type.</summary>
    Enum,

    /// <summary>On a value of an enum type.</summary>
    EnumValue,

    /// <summary>On an input object type.</summary>
    InputObject,

    /// <summary>On a field of an input object type.</summary>
    InputFieldDefinition,

    /// <summary>On a directive of the schema.</summary>
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
