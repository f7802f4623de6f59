using System.Reflection;

namespace Chat.Domain;

/// <summary>
/// The name under which an event is stored for ever. It is written at the event and never changes with the type's name.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class StoredAsAttribute(string alias) : Attribute
{
    public string Alias { get; } = alias;
}

/// <summary>An event type of the domain and its name in the log.</summary>
public sealed record StoredEventType(Type Type, string Alias)
{
    public static readonly IReadOnlyList<StoredEventType> All =
    [
        .. typeof(StoredEventType).Assembly.GetTypes()
            .Select(type => (Type: type, Stored: type.GetCustomAttribute<StoredAsAttribute>(inherit: false)))
            .Where(one => one.Stored is not null)
            .Select(one => new StoredEventType(one.Type, one.Stored!.Alias))
            .OrderBy(one => one.Alias, StringComparer.Ordinal),
    ];
}
