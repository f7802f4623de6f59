namespace Chat.EventStore;

/// <summary>
/// Which events of a stream to read. The conditions are joined by "and"; without any it is the whole stream.
/// </summary>
public sealed record StreamQuery
{
    internal static readonly StreamQuery All = new();

    /// <summary>The lowest version, itself included.</summary>
    public long FromVersion { get; init; } = 1;

    /// <summary>The highest version, itself included; the end of the stream when null.</summary>
    public long? ToVersion { get; init; }

    /// <summary>
    /// The latest timestamp, itself included. Each event is judged by its own timestamp: where the clocks of several
    /// writers disagree, a version may be left out while a later one is not.
    /// </summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>
    /// The aliases of the event types, as <see cref="StoredEvent.EventTypeName"/> has them, at most <see
    /// cref="LogQuery.MaxEventTypes"/>; any type when null, no event when empty.
    /// </summary>
    public IReadOnlyCollection<string>? EventTypeNames { get; init; }

    /// <summary>Whether the highest version comes first.</summary>
    public bool Backwards { get; init; }

    /// <summary>Whether what is read is each version between the ends, in order.</summary>
    internal bool IsDense => AsOf is null && EventTypeNames is null && !Backwards;
}
