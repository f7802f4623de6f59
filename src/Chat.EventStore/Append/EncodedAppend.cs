namespace Chat.EventStore;

/// <summary>An append that has passed every check that needs no database, its events as JSON.</summary>
internal sealed class EncodedAppend(Append source, IReadOnlyList<EncodedEvent> events, byte[]? headers)
{
    public Append Source { get; } = source;

    public IReadOnlyList<EncodedEvent> Events { get; } = events;

    public byte[]? Headers { get; } = headers;

    /// <summary>The tail's generation before the append was encoded, see <see cref="TailWindow.Generation"/>.</summary>
    public long Generation { get; init; }

    public int Bytes { get; } = events.Sum(one => one.Json.Length + (headers?.Length ?? 0));

    public Guid StreamId => Source.StreamId;

    public Guid FirstEventId => Events[0].Id;

    public AppendCondition Condition => Source.Condition;

    public IReadOnlyDictionary<string, string>? HeaderValues => Source.Metadata.Headers;
}

/// <summary>An event of an append: its data, and what is stored for it.</summary>
internal readonly record struct EncodedEvent(
    Guid Id, EventType Type, object Data, byte[] Json, IReadOnlyList<string> Tags);

/// <summary>
/// Refuses what PostgreSQL would refuse, so that one caller's mistake never reaches a batch shared with others.
/// </summary>
internal sealed class AppendEncoder(EventCodec codec, EventStoreOptions options)
{
    public async ValueTask<EncodedAppend> EncodeAsync(
        Append append, long generation, CancellationToken cancellationToken)
    {
        if (append.Events.Count == 0)
            throw new InvalidEventException("An append needs at least one event.");
        if (append.Events.Count > options.MaxEventsPerAppend)
            throw new EventTooLargeException(
                $"An append has at most {options.MaxEventsPerAppend} events; this one has {append.Events.Count}.");
        if (append.Events.Count > 1 && append.Events.DistinctBy(one => one.Id).Count() < append.Events.Count)
            throw new InvalidEventException("Two events of the append have the same id.");
        CheckText(append.StreamType, "The stream type");
        CheckText(append.Metadata.CorrelationId, "The correlation id");
        CheckText(append.Metadata.CausationId, "The causation id");

        CheckTags(append.Condition.Tags);
        foreach (var (name, value) in append.Metadata.Headers ?? StoredEvent.NoHeaders)
        {
            CheckText(name, "A header");
            CheckText(value, "A header");
        }

        var headers = append.Metadata.Headers is { Count: > 0 } given ? EventCodec.EncodeHeaders(given) : null;
        if (headers is not null)
            CheckJson(headers, "The headers", options.MaxEventBytes);

        var events = new EncodedEvent[append.Events.Count];
        for (var i = 0; i < events.Length; i++)
            events[i] = await EncodeAsync(append.Events[i], cancellationToken);

        var encoded = new EncodedAppend(append, events, headers) { Generation = generation };
        return encoded.Bytes <= options.MaxBatchBytes
            ? encoded
            : throw new EventTooLargeException(
                $"An append has at most {options.MaxBatchBytes} bytes; this one has {encoded.Bytes}.");
    }

    private async ValueTask<EncodedEvent> EncodeAsync(NewEvent one, CancellationToken cancellationToken)
    {
        var type = options.Types.Of(one.Data);
        CheckTags(one.Tags);
        var json = await codec.EncodeAsync(type, one.Id, one.Data, cancellationToken);
        CheckJson(json, $"Event {one.Id}", options.MaxEventBytes);
        return new(one.Id, type, one.Data, json, one.Tags);
    }

    private static void CheckJson(byte[] json, string what, int bytesMax)
    {
        if (json.Length > bytesMax)
            throw new EventTooLargeException($"{what} has {json.Length} bytes; at most {bytesMax} are stored.");
        if (HoldsNul(json))
            throw new InvalidEventException($"{what} holds the character U+0000, which PostgreSQL cannot store.");
    }

    private static void CheckTags(IReadOnlyList<string?> tags)
    {
        foreach (var tag in tags)
        {
            CheckText(tag, "A tag");
            if (tag?.Length is not (> 0 and <= NewEvent.MaxTagLength))
                throw new InvalidEventException($"A tag has 1 to {NewEvent.MaxTagLength} characters.");
        }
    }

    private static void CheckText(string? text, string what)
    {
        if (text is not null && StorableText.Problem(text) is { } problem)
            throw new InvalidEventException($"{what} {problem}.");
    }

    // "\u0000" is the character; "\\u0000" is a backslash followed by five characters.
    private static bool HoldsNul(ReadOnlySpan<byte> json)
    {
        for (var from = 0; ; from++)
        {
            var found = json[from..].IndexOf("\\u0000"u8);
            if (found < 0)
                return false;
            from += found;
            var backslashes = json[..(from + 1)].Length - json[..(from + 1)].TrimEnd((byte)'\\').Length;
            if (backslashes % 2 == 1)
                return true;
        }
    }
}
