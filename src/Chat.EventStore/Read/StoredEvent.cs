using System.Collections.Frozen;

namespace Chat.EventStore;

/// <summary>An event of the log.</summary>
public sealed class StoredEvent
{
    internal static readonly IReadOnlyDictionary<string, string> NoHeaders = FrozenDictionary<string, string>.Empty;

    private readonly Content content;

    internal StoredEvent(Content content) => this.content = content;

    /// <summary>The id that the appender gave.</summary>
    public required Guid Id { get; init; }

    /// <summary>The stream.</summary>
    public required Guid StreamId { get; init; }

    /// <summary>The place in the stream: 1, 2, 3 without gaps.</summary>
    public required long Version { get; init; }

    /// <summary>The place in the whole log: rising, with gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary>The alias of the event type.</summary>
    public required string EventTypeName { get; init; }

    /// <summary>When the event was written.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Ties together what belongs to one request.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>What caused the append.</summary>
    public string? CausationId { get; init; }

    /// <summary>Who did it: <see cref="EventMetadata.Actor"/>.</summary>
    public string? Actor => field ??= HeadersJson is null
        ? Headers.GetValueOrDefault(EventMetadata.ActorHeader)
        : EventCodec.DecodeHeader(HeadersJson, EventMetadata.ActorHeader);

    /// <summary>The headers of the append.</summary>
    public IReadOnlyDictionary<string, string> Headers
    {
        // Most readers look at none, so they are decoded for who does. Two at once make the same.
        get => field ??= HeadersJson is null ? NoHeaders : EventCodec.DecodeHeaders(HeadersJson);
        init;
    }

    /// <summary>The event itself; personal data of an erased subject is "".</summary>
    /// <exception cref="UnreadableEventException">
    /// The type is not mapped, the JSON does not fit it, or its personal data fails authentication. One such event does
    /// not hinder those who have no need of it: only reading this property fails.
    /// </exception>
    public object Data => content.Data;

    internal byte[]? HeadersJson { get; init; }

    /// <summary>Bytes of its data and headers as they are stored; about what it takes in memory.</summary>
    public int Bytes { get; internal init; }

    /// <summary>The data of an event, or why there is none.</summary>
    internal readonly struct Content
    {
        private readonly object data;

        public Content(object data) => this.data = data;

        public Content(UnreadableEventException unreadable) => data = unreadable;

        // The exception is thrown anew at each read: several followers share the event.
        public object Data =>
            data is UnreadableEventException e ? throw new UnreadableEventException(e.EventId, e.Reason, e) : data;
    }
}

/// <summary>An event of the log cannot be turned into its type.</summary>
public sealed class UnreadableEventException(Guid eventId, string reason, Exception? inner = null)
    : Exception($"Event {eventId} cannot be read: {reason}", inner)
{
    /// <summary>The event.</summary>
    public Guid EventId { get; } = eventId;

    internal string Reason { get; } = reason;
}
