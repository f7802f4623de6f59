using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Chat.GraphQL;

/// <summary>Registers the GraphQL server.</summary>
public static class GraphQLServiceCollectionExtensions
{
    /// <summary>
    /// Adds the GraphQL server. Its schema is built when the endpoint is mapped; a schema with problems stops the start
    /// with one exception that lists them all. Called again, it goes on with the same server: an application has one.
    /// </summary>
    /// <exception cref="OptionsValidationException">Options are out of their ranges; all are listed.</exception>
    public static GraphQLBuilder AddGraphQLServer(
        this IServiceCollection services, Action<GraphQLOptions>? configure = null)
    {
        var known = services.FirstOrDefault(service => service.ServiceType == typeof(GraphQLBuilder));
        if (known?.ImplementationInstance is GraphQLBuilder first)
        {
            configure?.Invoke(first.Options);
            first.Options.Validate();
            return first;
        }

        var options = new GraphQLOptions();
        configure?.Invoke(options);
        options.Validate();
        var builder = new GraphQLBuilder(services, options);
        services.AddSingleton(builder);
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(provider => SchemaBuilder.Build(
            builder.Types, provider.GetService<IServiceProviderIsService>(), PoliciesOf(provider)));
        services.AddSingleton<GraphQLExecutor>();
        services.AddSingleton(provider =>
            new PersistedOperations(options, provider.GetService<IPersistedOperationStore>()));
        services.AddSingleton<HttpAdmission>();
        services.AddSingleton<HttpRequestReader>();
        services.AddSingleton<HttpResponses>();
        services.AddSingleton<HttpTransport>();
        services.AddSingleton<EventStreamTransport>();
        services.AddSingleton<SharedStreams>();
        services.AddSingleton<SharedStreamTransport>();
        services.AddSingleton<SchemaDocument>();
        services.AddSingleton<SocketTransport>();
        services.AddSingleton<IdePage>();
        services.AddSingleton<ConnectionOperations>();
        return builder;
    }

    /// <summary>Another provider than ASP.NET Core's own may make policies up when they are asked for.</summary>
    private static Func<string, bool>? PoliciesOf(IServiceProvider services)
    {
        var isOwn = services.GetService<IAuthorizationPolicyProvider>()?.GetType() ==
            typeof(DefaultAuthorizationPolicyProvider);
        if (!isOwn)
            return null;
        var options = services.GetRequiredService<IOptions<AuthorizationOptions>>().Value;
        return name => options.GetPolicy(name) is not null;
    }
}
