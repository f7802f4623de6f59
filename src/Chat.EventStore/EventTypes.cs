using System.Collections.Concurrent;

namespace Chat.EventStore;

/// <summary>The event types of a log and the aliases under which they are stored (column <c>type</c>).</summary>
public sealed class EventTypes
{
    private readonly ConcurrentDictionary<string, EventType> byAlias = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Type, EventType> byType = new();

    internal bool HoldPersonalData => WithPersonalData().Any();

    /// <summary>
    /// Makes a type known under an alias; without one, Marten's rule gives it: <c>MessagePosted</c> is
    /// <c>message_posted</c>.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The alias or the type is taken, or the type's personal data attributes do not fit together.
    /// </exception>
    public EventTypes Map<T>(string? alias = null)
        where T : class => Map(typeof(T), alias ?? AliasOf(typeof(T)));

    /// <summary>Makes a type known under an alias, for catalogues that are lists.</summary>
    /// <exception cref="ArgumentException">
    /// The alias or the type is taken, or the type's personal data attributes do not fit together.
    /// </exception>
    public EventTypes Map(Type type, string alias)
    {
        var mapped = new EventType(alias, type);
        if (!byAlias.TryAdd(alias, mapped) || !byType.TryAdd(type, mapped))
            throw new ArgumentException($"The alias {alias} or the type {type} is mapped already.", nameof(alias));
        return this;
    }

    /// <summary>The alias under which a mapped type is stored; null for a type that is not mapped.</summary>
    public string? AliasFor(Type type) => byType.GetValueOrDefault(type)?.Alias;

    /// <summary>
    /// Marten's alias of a type: split before each capital that starts a word, lower case, joined by underscores.
    /// </summary>
    public static string AliasOf(Type type) => SqlName.Snake(type.Name);

    internal EventType Of(object data) =>
        byType.TryGetValue(data.GetType(), out var type)
            ? type
            : throw new InvalidEventException($"The event type {data.GetType()} is not mapped.");

    internal IEnumerable<EventType> WithPersonalData() => byType.Values.Where(type => type.PersonalData is not null);

    internal EventType? Find(string alias) => byAlias.GetValueOrDefault(alias);
}
