using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chat.GraphQL;

/// <summary>Collects what the schema is built from. The schema itself is built once, when the server starts.</summary>
public sealed class GraphQLBuilder
{
    internal GraphQLBuilder(IServiceCollection services, GraphQLOptions options) =>
        (Services, Options) = (services, options);

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }

    internal GraphQLOptions Options { get; }

    internal List<Type> Types { get; } = [];

    /// <summary>
    /// Adds all types of an assembly that carry a schema attribute, its scalars and its data loaders.
    /// </summary>
    public GraphQLBuilder AddTypes(Assembly assembly)
    {
        foreach (var type in assembly.GetTypes())
        {
            var isConcrete = type is { IsAbstract: false, ContainsGenericParameters: false };
            if (SchemaTypes.IsMarked(type))
                Types.Add(type);
            else if (isConcrete && typeof(DataLoader).IsAssignableFrom(type))
                AddDataLoader(type);
        }

        return this;
    }

    /// <summary>Adds one type that carries a schema attribute, or a <see cref="ScalarType{T}"/>.</summary>
    public GraphQLBuilder AddType(Type type)
    {
        Types.Add(type);
        return this;
    }

    /// <summary>
    /// Adds a data loader as a scoped service. A query, an event of a subscription, its source stream and each root
    /// field of a mutation have a scope of their own.
    /// </summary>
    public GraphQLBuilder AddDataLoader<T>() where T : DataLoader => AddDataLoader(typeof(T));

    /// <summary>Adds an interceptor; several run in the order they were added.</summary>
    public GraphQLBuilder AddInterceptor<T>() where T : GraphQLInterceptor
    {
        Services.AddSingleton<GraphQLInterceptor, T>();
        return this;
    }

    /// <summary>Adds an error filter; several run in the order they were added.</summary>
    public GraphQLBuilder AddErrorFilter<T>() where T : class, IErrorFilter
    {
        Services.AddSingleton<IErrorFilter, T>();
        return this;
    }

    /// <summary>Adds the documents that clients may name instead of sending them.</summary>
    public GraphQLBuilder AddPersistedOperations(IPersistedOperationStore store)
    {
        Services.AddSingleton(store);
        return this;
    }

    /// <summary>
    /// Adds topics within this process: <see cref="ITopicEventSender"/> and <see cref="ITopicEventReceiver"/>.
    /// </summary>
    public GraphQLBuilder AddInMemorySubscriptions()
    {
        Services.AddSingleton<InMemoryTopics>();
        Services.AddSingleton<ITopicEventSender>(static services => services.GetRequiredService<InMemoryTopics>());
        Services.AddSingleton<ITopicEventReceiver>(static services => services.GetRequiredService<InMemoryTopics>());
        return this;
    }

    private GraphQLBuilder AddDataLoader(Type type)
    {
        var create = ActivatorUtilities.CreateFactory(type, []);
        Services.TryAddScoped<ScopedLoaders>();
        Services.AddScoped(type, services =>
        {
            var loader = (DataLoader)create(services, null);
            services.GetRequiredService<ScopedLoaders>().Add(loader);
            return loader;
        });
        return this;
    }
}
