namespace Chat.EventStore;

/// <summary>Which events of the whole log to read, in the order of their sequence.</summary>
public sealed record LogQuery
{
    /// <summary>Most event types that a read can name; above that, read all and choose.</summary>
    public const int MaxEventTypes = 100;

    /// <summary>Events behind this sequence; 0 is the start of the log.</summary>
    public long AfterSequence { get; init; }

    /// <summary>The highest sequence, itself included; the end of the log when null.</summary>
    public long? ThroughSequence { get; init; }

    /// <summary>
    /// The aliases of the event types, as <see cref="StoredEvent.EventTypeName"/> has them, at most <see
    /// cref="MaxEventTypes"/>; any type when null, no event when empty. A read of a rare type costs what that type
    /// costs, however long the log is.
    /// </summary>
    public IReadOnlyCollection<string>? EventTypeNames { get; init; }

    /// <summary>The names, each once; null for any type.</summary>
    /// <exception cref="ArgumentException">There are too many.</exception>
    internal static string[]? Checked(IReadOnlyCollection<string>? names)
    {
        if (names is null)
            return null;
        string[] distinct = [.. names.Distinct(StringComparer.Ordinal)];
        return distinct.Length <= MaxEventTypes
            ? distinct
            : throw new ArgumentException(
                $"A read names at most {MaxEventTypes} event types; this one names {distinct.Length}.", nameof(names));
    }
}
