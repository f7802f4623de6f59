namespace Chat.GraphQL;

[GraphQLName("__DirectiveLocation")]
[GraphQLDescription(
    "A Directive can be adjacent to many parts of the GraphQL language, a __DirectiveLocation describes one such " +
    "possible adjacencies.")]
internal enum DirectiveLocation
{
    [GraphQLDescription("Location adjacent to a query operation.")]
    Query,

    [GraphQLDescription("Location adjacent to a mutation operation.")]
    Mutation,

    [GraphQLDescription("Location adjacent to a subscription operation.")]
    Subscription,

    [GraphQLDescription("Location adjacent to a field.")]
    Field,

    [GraphQLDescription("Location adjacent to a fragment definition.")]
    FragmentDefinition,

    [GraphQLDescription("Location adjacent to a fragment spread.")]
    FragmentSpread,

    [GraphQLDescription("Location adjacent to an inline fragment.")]
    InlineFragment,

    [GraphQLDescription("Location adjacent to an operation variable definition.")]
    VariableDefinition,

    [GraphQLDescription("Location adjacent to a fragment variable definition.")]
    FragmentVariableDefinition,

    [GraphQLDescription("Location adjacent to a schema definition.")]
    Schema,

    [GraphQLDescription("Location adjacent to a scalar definition.")]
    Scalar,

    [GraphQLDescription("Location adjacent to an object type definition.")]
    Object,

    [GraphQLDescription("Location adjacent to a field definition.")]
    FieldDefinition,

    [GraphQLDescription("Location adjacent to an argument definition.")]
    ArgumentDefinition,

    [GraphQLDescription("Location adjacent to an interface definition.")]
    Interface,

    [GraphQLDescription("Location adjacent to a union definition.")]
    Union,

    [GraphQLDescription("Location adjacent to an enum definition.")]
    Enum,

    [GraphQLDescription("Location adjacent to an enum value definition.")]
    EnumValue,

    [GraphQLDescription("Location adjacent to an input object type definition.")]
    InputObject,

    [GraphQLDescription("Location adjacent to an input object field definition.")]
    InputFieldDefinition,

    [GraphQLDescription("Location adjacent to a directive definition.")]
    DirectiveDefinition,
}

[GraphQLName("__Directive")]
[GraphQLDescription(
    "A Directive provides a way to describe alternate runtime execution and type validation behavior in a GraphQL " +
    "document.\n\nIn some cases, you need to provide options to alter GraphQL's execution behavior in ways field " +
    "arguments will not suffice, such as conditionally including or skipping a field. Directives provide this by " +
    "describing additional information to the executor.")]
internal sealed class DirectiveView(DirectiveType directive)
{
    [GraphQLIgnore]
    public DirectiveType Directive { get; } = directive;

}

/// <summary>The fields of <c>__Directive</c>, in the order of the specification.</summary>
[ObjectType<DirectiveView>]
internal static class DirectiveFields
{
    public static string Name([Parent] DirectiveView view) => view.Directive.Name;

    public static string? Description([Parent] DirectiveView view) => view.Directive.Description;

    public static bool IsRepeatable([Parent] DirectiveView view) => view.Directive.IsRepeatable;

    public static IEnumerable<DirectiveLocation> Locations([Parent] DirectiveView view) =>
        view.Directive.Locations.Select(
            name => Enum.Parse<DirectiveLocation>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true));

    public static IEnumerable<InputValueView> Args([Parent] DirectiveView view, bool includeDeprecated = false) =>
        InputValueView.Of(view.Directive.Arguments, includeDeprecated);

    public static bool IsDeprecated([Parent] DirectiveView view) => view.Directive.DeprecationReason is not null;

    public static string? DeprecationReason([Parent] DirectiveView view) => view.Directive.DeprecationReason;
}
