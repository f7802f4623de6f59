namespace Chat.EventStore;

/// <summary>A state and the version of its stream that it stands at.</summary>
/// <param name="Version">The version of the last event that is part of the state.</param>
/// <param name="State">The state after that event.</param>
public sealed record Snapshot<T>(long Version, T State)
    where T : class;

/// <summary>Whether a fold that starts from a snapshot leaves a newer one behind.</summary>
public enum SnapshotSaving
{
    /// <summary>It saves nothing.</summary>
    Never,

    /// <summary>
    /// It saves the state it came to, if that is at least <see cref="EventStoreOptions.SnapshotEveryEvents"/> events
    /// behind the snapshot it started from, or from the start of the stream.
    /// </summary>
    WhenDue,
}

/// <summary>
/// A state was not saved because it might hold personal data that would outlive its subject's erasure: the stream has
/// events with personal data, and the state's type does not say that the state is that subject's. Mark the type's
/// properties with <see cref="PersonalDataAttribute"/> and <see cref="DataSubjectAttribute"/>, leave the personal data
/// out of what is folded into a snapshot and read it from the events, or fold without saving.
/// </summary>
public sealed class UnprotectedSnapshotException(string name, Guid streamId, Guid eventId)
    : Exception(
        $"The state {name} of stream {streamId} is not saved: event {eventId} holds personal data of a subject that"
        + " the state's type does not name, and the state might hold it too.")
{
    /// <summary>The stream.</summary>
    public Guid StreamId { get; } = streamId;

    /// <summary>An event with personal data that the state does not account for.</summary>
    public Guid EventId { get; } = eventId;
}

/// <summary>A state is larger than <see cref="EventStoreOptions.MaxSnapshotBytes"/>.</summary>
public sealed class SnapshotTooLargeException(string message) : Exception(message);
