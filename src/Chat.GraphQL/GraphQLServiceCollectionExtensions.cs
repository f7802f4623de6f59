using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Chat.GraphQL;

/// <summary>Registers the GraphQL server.</summary>
public static class GraphQLServiceCollectionExtensions
{
    /// <summary>
    /// Adds the GraphQL server. Its schema is built when the endpoint is mapped; a schema with problems stops the start
    /// with one exception that lists them all.
    /// </summary>
    /// <exception cref="OptionsValidationException">Options are out of their ranges; all are listed.</exception>
    public static GraphQLBuilder AddGraphQLServer(
        this IServiceCollection services, Action<GraphQLOptions>? configure = null)
    {
        var options = new GraphQLOptions();
        configure?.Invoke(options);
        options.Validate();
        var builder = new GraphQLBuilder(services);
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(provider =>
            SchemaBuilder.Build(builder.Types, provider.GetService<IServiceProviderIsService>()));
        services.AddSingleton<GraphQLExecutor>();
        services.AddSingleton<HttpTransport>();
        services.AddSingleton<SocketTransport>();
        services.AddSingleton<IdePage>();
        services.AddSingleton<ConnectionOperations>();
        return builder;
    }
}
