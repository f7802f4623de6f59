namespace Chat.GraphQL;

[GraphQLName("__Schema")]
[GraphQLDescription(
    "A GraphQL Schema defines the capabilities of a GraphQL server. It exposes all available types and directives on " +
    "the server, as well as the entry points for query, mutation, and subscription operations.")]
internal sealed class SchemaView(Schema schema)
{
    public string? Description { get; }

    [GraphQLDescription("A list of all types supported by this server.")]
    public IEnumerable<TypeView> Types => schema.Types.Select(type => new TypeView(type));

    [GraphQLDescription("The type that query operations will be rooted at.")]
    public TypeView QueryType => new(schema.QueryType);

    [GraphQLDescription("If this server supports mutation, the type that mutation operations will be rooted at.")]
    public TypeView? MutationType => TypeView.Of(schema.MutationType);

    [GraphQLDescription(
        "If this server supports subscription, the type that subscription operations will be rooted at.")]
    public TypeView? SubscriptionType => TypeView.Of(schema.SubscriptionType);

    [GraphQLDescription("A list of all directives supported by this server.")]
    public IEnumerable<DirectiveView> Directives => schema.Directives.Select(directive => new DirectiveView(directive));
}
