namespace Chat.GraphQL;

/// <summary>
/// Marks a class or record as a GraphQL object type (specification 3.6) although no field returns it; implementations
/// of interfaces and members of unions are found this way.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class ObjectTypeAttribute : Attribute;

/// <summary>
/// Marks a static class whose public static methods add fields to, or override fields of, the object type mapped from
/// <typeparamref name="T"/>. A parameter marked <see cref="ParentAttribute"/> receives the object.
/// </summary>
/// <typeparam name="T">The class or record that the object type is mapped from.</typeparam>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ObjectTypeAttribute<T> : Attribute;

/// <summary>
/// Marks a C# interface or abstract class as a GraphQL interface type (specification 3.7). C# types that derive from it
/// implement it; interfaces may implement interfaces.
/// </summary>
[AttributeUsage(AttributeTargets.Interface | AttributeTargets.Class, Inherited = false)]
public sealed class InterfaceTypeAttribute : Attribute;

/// <summary>
/// Marks a C# interface or abstract class without members as a GraphQL union type (specification 3.8) of the object
/// types that derive from it.
/// </summary>
[AttributeUsage(AttributeTargets.Interface | AttributeTargets.Class, Inherited = false)]
public sealed class UnionTypeAttribute : Attribute;

/// <summary>
/// Marks an input object of which exactly one field must be given, and not null (specification 3.10.1, @oneOf). All its
/// properties are nullable.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class OneOfAttribute : Attribute;
