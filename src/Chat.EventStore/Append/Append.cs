using Npgsql;

namespace Chat.EventStore;

/// <summary>One atomic append to one stream: all of its events are written, or none.</summary>
public sealed record Append
{
    /// <summary>The stream; it is made by its first append.</summary>
    public required Guid StreamId { get; init; }

    /// <summary>
    /// The alias of the stream's type, such as <c>room</c>; written when the append makes the stream.
    /// </summary>
    public string? StreamType { get; init; }

    /// <summary>The events, at least one. The id of the first makes the append idempotent.</summary>
    public required IReadOnlyList<NewEvent> Events { get; init; }

    /// <summary>What must hold for the append to be written.</summary>
    public AppendCondition Condition { get; init; } = AppendCondition.Any;

    /// <summary>What is stored beside each event.</summary>
    public EventMetadata Metadata { get; init; } = EventMetadata.None;

    /// <summary>
    /// Further commands for the same transaction, run after the events are written, such as rows with a unique index.
    /// They are not run when the append was written before. Such an append does not share its transaction with others.
    /// </summary>
    public IReadOnlyList<NpgsqlBatchCommand>? Alongside { get; init; }
}

/// <summary>An event to append.</summary>
/// <param name="Id">Unique over the whole log, given by the caller.</param>
/// <param name="Data">An instance of a type known to <see cref="EventTypes"/>.</param>
public sealed record NewEvent(Guid Id, object Data)
{
    /// <summary>
    /// The tags under which conditions of later appends find this event. Each is at most <see cref="MaxTagLength"/>
    /// characters.
    /// </summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Longest tag in characters.</summary>
    public const int MaxTagLength = 200;

    /// <summary>Most tags of an event, and of a condition.</summary>
    public const int MaxTags = 100;
}

/// <summary>What is stored beside the events of an append, in Marten's metadata columns.</summary>
public sealed record EventMetadata
{
    /// <summary>The header that holds <see cref="Actor"/>.</summary>
    public const string ActorHeader = "actor";

    /// <summary>Longest <see cref="CorrelationId"/>, <see cref="CausationId"/> and stream type in characters.</summary>
    public const int MaxTextLength = 1000;

    /// <summary>No metadata.</summary>
    public static readonly EventMetadata None = new();

    /// <summary>Ties together what belongs to one request.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>What caused the append.</summary>
    public string? CausationId { get; init; }

    /// <summary>Who did it; stored as the header <see cref="ActorHeader"/>.</summary>
    public string? Actor { get; init; }

    /// <summary>Free headers; <see cref="ActorHeader"/> goes before one of the same name.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>All that is stored as headers; null when there is nothing.</summary>
    internal IReadOnlyDictionary<string, string>? StoredHeaders()
    {
        if (Actor is null)
            return Headers is { Count: > 0 } ? Headers : null;
        return new Dictionary<string, string>(Headers ?? StoredEvent.NoHeaders, StringComparer.Ordinal)
        {
            [ActorHeader] = Actor,
        };
    }
}

/// <summary>The outcome of an append.</summary>
/// <param name="StreamId">
/// The stream that it went to: where it was appended before, that of the first append, whatever the repetition says.
/// </param>
/// <param name="FirstVersion">The stream version of its first event.</param>
/// <param name="LastVersion">The stream version of its last event.</param>
/// <param name="LastSequence">The global sequence of its last event.</param>
/// <param name="AlreadyAppended">
/// The first event id was in the log: everything here is that of the first append.
/// </param>
/// <param name="Headers">The stored headers.</param>
/// <param name="Timestamp">When it was written, in microseconds.</param>
public sealed record AppendResult(
    Guid StreamId,
    long FirstVersion,
    long LastVersion,
    long LastSequence,
    bool AlreadyAppended,
    IReadOnlyDictionary<string, string>? Headers,
    DateTimeOffset Timestamp);
