namespace Chat.GraphQL;

[GraphQLName("__Schema")]
[GraphQLDescription(
    "A GraphQL Schema defines the capabilities of a GraphQL server. It exposes all available types and directives on " +
    "the server, as well as the entry points for query, mutation, and subscription operations.")]
internal sealed class SchemaView(Schema schema)
{
    [GraphQLIgnore]
    public Schema Schema { get; } = schema;

    public string? Description => Schema.Description;

    [GraphQLDescription("A list of all types supported by this server.")]
    public IEnumerable<TypeView> Types => Schema.Types.Select(type => new TypeView(type));

    [GraphQLDescription("The type that query operations will be rooted at.")]
    public TypeView QueryType => new(Schema.QueryType);

    [GraphQLDescription("If this server supports mutation, the type that mutation operations will be rooted at.")]
    public TypeView? MutationType => TypeView.Of(Schema.MutationType);

    [GraphQLDescription(
        "If this server support subscription, the type that subscription operations will be rooted at.")]
    public TypeView? SubscriptionType => TypeView.Of(Schema.SubscriptionType);
}

/// <summary>The field of <c>__Schema</c> that has an argument.</summary>
[ObjectType<SchemaView>]
internal static class SchemaFields
{
    [GraphQLDescription("A list of all directives supported by this server.")]
    public static IEnumerable<DirectiveView> Directives([Parent] SchemaView view, bool includeDeprecated = false) =>
        view.Schema.Directives
            .Where(directive => includeDeprecated || directive.DeprecationReason is null)
            .Select(directive => new DirectiveView(directive));
}
