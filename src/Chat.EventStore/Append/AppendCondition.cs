namespace Chat.EventStore;

/// <summary>What must hold in the stream, at the moment of the append, for the append to be written.</summary>
public sealed record AppendCondition
{
    private AppendCondition(long? expectedVersion, long sinceVersion, IReadOnlyList<string> tags)
    {
        ExpectedVersion = expectedVersion;
        SinceVersion = sinceVersion;
        Tags = tags;
    }

    /// <summary>Nothing: the events go to the end of the stream.</summary>
    public static AppendCondition Any { get; } = new(null, 0, []);

    /// <summary>The stream does not exist.</summary>
    public static AppendCondition NoStream { get; } = new(0, 0, []);

    internal long? ExpectedVersion { get; }

    internal long SinceVersion { get; }

    internal IReadOnlyList<string> Tags { get; }

    /// <summary>The stream is at exactly this version; 0 is <see cref="NoStream"/>.</summary>
    public static AppendCondition Version(long expectedVersion)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(expectedVersion);
        return new(expectedVersion, 0, []);
    }

    /// <summary>No event after <paramref name="sinceVersion"/> of the stream carries one of these tags.</summary>
    public static AppendCondition Untouched(long sinceVersion, params string[] tags)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sinceVersion);
        return new(null, sinceVersion, [.. tags.Distinct(StringComparer.Ordinal)]);
    }

    /// <inheritdoc/>
    public override string ToString() => this switch
    {
        { ExpectedVersion: 0 } => "the stream must not exist",
        { ExpectedVersion: { } version } => $"the stream must be at version {version}",
        { Tags.Count: > 0 } => $"nothing tagged {string.Join(", ", Tags)} since version {SinceVersion}",
        _ => "any",
    };
}
