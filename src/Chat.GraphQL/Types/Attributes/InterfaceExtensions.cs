namespace Chat.GraphQL;

/// <summary>
/// Marks a static class whose public static methods add fields to the interface type mapped from
/// <typeparamref name="T"/>, and to all types that implement it, unless they have a field of that name themselves.
/// </summary>
/// <typeparam name="T">The C# interface marked <see cref="InterfaceTypeAttribute"/>.</typeparam>
[AttributeUsage(AttributeTargets.Class)]
public sealed class InterfaceTypeAttribute<T> : Attribute;
