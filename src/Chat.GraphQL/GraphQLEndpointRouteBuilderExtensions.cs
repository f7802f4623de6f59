using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL;

/// <summary>Maps the GraphQL server into the application's routes.</summary>
public static class GraphQLEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Serves GraphQL over HTTP, graphql-sse and graphql-transport-ws at <paramref name="path"/>, the schema at
    /// <c>{path}/schema.graphql</c> and the assets of the GraphiQL page at <c>{path}/ide/</c>. The schema is built
    /// here.
    /// </summary>
    /// <exception cref="GraphQLSchemaException">The schema has problems; all of them are listed.</exception>
    public static IEndpointConventionBuilder MapGraphQL(this IEndpointRouteBuilder endpoints, string path = "/graphql")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var services = endpoints.ServiceProvider;
        var options = services.GetRequiredService<GraphQLOptions>();
        var http = services.GetRequiredService<HttpTransport>();
        var sockets = services.GetRequiredService<SocketTransport>();
        var page = services.GetRequiredService<IdePage>();
        var group = endpoints.MapGroup(path);
        if (options.Introspection)
            group.MapGet("/schema.graphql", services.GetRequiredService<SchemaDocument>().ServeAsync);
        if (options.Ide)
            group.MapGet("/ide/{**file}", page.ServeAssetAsync);
        var pipeline = endpoints.CreateApplicationBuilder()
            .UseWebSockets(new WebSocketOptions
            {
                KeepAliveInterval = options.SocketPingInterval,
                KeepAliveTimeout = options.SocketPingInterval,
            });
        pipeline.Use(services.GetRequiredService<ConnectionOperations>().InvokeAsync);
        pipeline.Run(context =>
            context.WebSockets.IsWebSocketRequest ? sockets.HandleAsync(context)
            : options.Ide && IsForPage(context.Request) ? page.ServePageAsync(context)
            : http.HandleAsync(context));
        group.Map("", pipeline.Build());
        return group;
    }

    private static bool IsForPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && MediaTypes.PrefersHtml(request) && !request.Query.ContainsKey("query");
}
