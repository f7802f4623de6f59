namespace Chat.GraphQL;

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
        view.Directive.Locations.Select(DirectiveLocations.Parse);

    public static IEnumerable<InputValueView> Args([Parent] DirectiveView view, bool includeDeprecated = false) =>
        InputValueView.Of(view.Directive.Arguments, includeDeprecated);

    public static bool IsDeprecated([Parent] DirectiveView view) => view.Directive.DeprecationReason is not null;

    public static string? DeprecationReason([Parent] DirectiveView view) => view.Directive.DeprecationReason;
}
