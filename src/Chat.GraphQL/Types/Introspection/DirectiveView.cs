namespace Chat.GraphQL;

[GraphQLName("__Directive")]
[GraphQLDescription(
    "A Directive provides a way to describe alternate runtime execution and type validation behavior in a GraphQL " +
    "document.")]
internal sealed class DirectiveView(DirectiveType directive)
{
    [GraphQLIgnore]
    public DirectiveType Directive { get; } = directive;

    public string Name => Directive.Name;

    public string? Description => Directive.Description;

    public bool IsRepeatable => Directive.IsRepeatable;

    public IEnumerable<DirectiveLocation> Locations => Directive.Locations.Select(DirectiveLocations.Parse);
}

/// <summary>The field of <c>__Directive</c> that has an argument.</summary>
[ObjectType<DirectiveView>]
internal static class DirectiveFields
{
    public static IEnumerable<InputValueView> Args([Parent] DirectiveView directive, bool includeDeprecated = false) =>
        directive.Directive.Arguments
            .Where(argument => includeDeprecated || argument.DeprecationReason is null)
            .Select(argument => new InputValueView(argument));
}
