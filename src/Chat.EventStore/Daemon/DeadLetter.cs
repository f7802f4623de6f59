namespace Chat.EventStore;

/// <summary>An event that a projection skipped because it could not apply it.</summary>
/// <param name="Projection">The projection.</param>
/// <param name="Shard">The name of the shard's progress.</param>
/// <param name="Sequence">The event's place in the log.</param>
/// <param name="EventId">The event's id.</param>
/// <param name="StreamId">The event's stream.</param>
/// <param name="EventTypeName">The alias of the event's type.</param>
/// <param name="Error">
/// Why, at most <see cref="ProjectionOptions.ErrorTextMax"/> characters; without the message of the exception where the
/// event's type has personal data or is not mapped.
/// </param>
/// <param name="SkippedAt">When.</param>
public sealed record DeadLetter(
    string Projection,
    string Shard,
    long Sequence,
    Guid EventId,
    Guid StreamId,
    string EventTypeName,
    string Error,
    DateTimeOffset SkippedAt);
