namespace Chat.EventStore;

/// <summary>A projection could not apply an event.</summary>
public sealed class EventNotAppliedException(string projection, StoredEvent one, Exception inner)
    : Exception(
        $"{projection} cannot apply event {one.Id} ({one.EventTypeName}) at {one.Sequence}: {inner.Message}", inner)
{
    /// <summary>The event's id.</summary>
    public Guid EventId { get; } = one.Id;

    /// <summary>The event's place in the log.</summary>
    public long Sequence { get; } = one.Sequence;
}
