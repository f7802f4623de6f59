using System.Collections.Concurrent;

namespace Chat.EventStore;

/// <summary>The types of states that can be saved as snapshots.</summary>
public sealed class SnapshotTypes
{
    private readonly ConcurrentDictionary<Type, SnapshotType> types = new();

    internal bool HoldPersonalData => types.Values.Any(type => type.Content.PersonalData is not null);

    /// <summary>Makes a type of states known.</summary>
    /// <param name="name">How its snapshots are called, of all programs over this log.</param>
    /// <param name="schemaVersion">
    /// The version of the type and of the fold that makes it. Raise it with any change of either: snapshots of other
    /// versions are not looked at.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The name or the type is taken, or the type's personal data attributes do not fit together.
    /// </exception>
    public SnapshotTypes Map<T>(string name, int schemaVersion)
        where T : class
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (StorableText.Problem(name) is { } problem)
            throw new ArgumentException($"The name {problem}.", nameof(name));
        if (types.Values.Any(type => type.Name == name)
            || !types.TryAdd(typeof(T), new(name, schemaVersion, new(name, typeof(T)))))
            throw new ArgumentException(
                $"The name {name} or the type {typeof(T)} is mapped already.", nameof(name));
        return this;
    }

    internal SnapshotType Of(Type type) => types.TryGetValue(type, out var found)
        ? found
        : throw new InvalidOperationException(
            $"Snapshots of {type} need a name: {nameof(EventStoreOptions)}.{nameof(EventStoreOptions.Snapshots)}.");
}

/// <summary>One type of states.</summary>
/// <param name="Name">Its name.</param>
/// <param name="SchemaVersion">Its version.</param>
/// <param name="Content">Which of its properties are personal.</param>
internal sealed record SnapshotType(string Name, int SchemaVersion, EventType Content);
