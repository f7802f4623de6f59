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
/// an <see cref="IAsyncEnumerable{T}"/> of events or of <see cref="EventPage{TEvent}"/> (or a task of one), and its
/// parameters are the field's arguments.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SubscribeAttribute : Attribute
{
    /// <summary>The name of the source stream's method on the same class.</summary>
    public required string With { get; init; }

    /// <summary>
    /// Says that the source hands the same event, as the same object of a class, to all subscribers, and never uses the
    /// object for another event. An event is then executed once for all subscribers with the same operation and
    /// variables; where fields read <see cref="GlobalStateAttribute"/>, it is executed for all of them in one run, with
    /// scoped services and data loaders that serve all of these viewers. What such services keep must not depend on who
    /// asks, unless their keys say who does. Events of <see cref="ITopicEventReceiver"/> are shared without this.
    /// </summary>
    public bool IsShared { get; init; }

    /// <summary>
    /// The name of a static method on the same class that says which subscribers may share, where that depends on more
    /// than the operation, its variables and <see cref="GlobalStateAttribute"/> parameters of fields: what it returns
    /// is equal for those who do. It is called once per subscription, before the source stream is opened, with
    /// parameters as a source has.
    /// </summary>
    public string? VisibilityKey { get; init; }
}
