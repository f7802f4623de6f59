namespace Chat.EventStore;

/// <summary>The condition of an append did not hold; nothing of it is written.</summary>
public sealed class ConcurrencyException(Guid streamId, long actualVersion, AppendCondition condition)
    : Exception($"Stream {streamId} is at version {actualVersion}; the append's condition was: {condition}.")
{
    /// <summary>The stream.</summary>
    public Guid StreamId { get; } = streamId;

    /// <summary>The version that the stream had; 0 when it did not exist.</summary>
    public long ActualVersion { get; } = actualVersion;
}

/// <summary>
/// An event, or all events of an append together, are larger than the store's limit; nothing is written.
/// </summary>
public sealed class EventTooLargeException(string message) : Exception(message);

/// <summary>
/// An append that can never be written: unknown type, text that PostgreSQL cannot hold, an event id used for something
/// else.
/// </summary>
public sealed class InvalidEventException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The stream is archived (Marten's <c>ArchiveStream</c>); nothing is written.</summary>
public sealed class StreamArchivedException(Guid streamId) : Exception($"Stream {streamId} is archived.")
{
    /// <summary>The stream.</summary>
    public Guid StreamId { get; } = streamId;
}

/// <summary>The queue of appends was full until the deadline; nothing is written.</summary>
public sealed class AppendOverloadedException(string message) : Exception(message);

/// <summary>
/// The append is not decided: it may be in the log now or become part of it. Retry it with the same event ids, or ask
/// <see cref="EventStore.FindAppendAsync"/>.
/// </summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A command alongside the events violated a unique index; nothing of the append is written.</summary>
public sealed class AlongsideConflictException(string constraintName, Exception? inner = null)
    : Exception($"A row alongside the events violates {constraintName}.", inner)
{
    /// <summary>The name of the violated constraint or unique index.</summary>
    public string ConstraintName { get; } = constraintName;
}
