namespace Chat.GraphQL;

/// <summary>
/// Marks a static class whose public static methods and properties are fields of the query root type
/// (specification 3.3.1). Several classes may carry it; their fields are joined.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class QueryTypeAttribute : Attribute;

/// <summary>
/// Marks a static class whose public static methods are fields of the mutation root type. Its fields run one after
/// the other in the order of the document (specification 6.2.2).
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class MutationTypeAttribute : Attribute;

/// <summary>
/// Marks a static class whose public static methods carrying <see cref="SubscribeAttribute"/> are fields of the
/// subscription root type (specification 6.2.3).
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SubscriptionTypeAttribute : Attribute;

/// <summary>
/// Names the method that makes the source stream of a subscription field (specification 6.2.3.1). That method returns
/// an <see cref="IAsyncEnumerable{T}"/> (or a task of one), and its parameters are the field's arguments.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SubscribeAttribute : Attribute
{
    /// <summary>The name of the source stream's method on the same class.</summary>
    public required string With { get; init; }
}
