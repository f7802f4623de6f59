namespace Chat.GraphQL;

/// <summary>
/// The object that the field is resolved on; for a <see cref="BatchResolverAttribute"/> the list of all of them.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ParentAttribute : Attribute;

/// <summary>The event of the source stream that this response of a subscription is made from.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class EventMessageAttribute : Attribute;

/// <summary>
/// A service of the request's scope. Types that are registered are found without it; with it, one that is not stops the
/// start. Data loaders need no attribute.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ServiceAttribute(string? key = null) : Attribute
{
    /// <summary>The key of a keyed service; null for one without.</summary>
    public string? Key { get; } = key;
}

/// <summary>
/// A value that a <see cref="GraphQLInterceptor"/> put into the state of the request or of the connection. A missing
/// value is null for a nullable parameter and an error otherwise.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class GlobalStateAttribute(string? name = null) : Attribute
{
    /// <summary>The key in the state; by default the name of the parameter.</summary>
    public string? Name { get; } = name;
}
