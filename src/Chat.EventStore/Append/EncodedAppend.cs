namespace Chat.EventStore;

/// <summary>An append that has passed every check that needs no database, its events as JSON.</summary>
internal sealed class EncodedAppend(
    Append source,
    IReadOnlyList<EncodedEvent> events,
    IReadOnlyDictionary<string, string>? headerValues,
    byte[]? headers)
{
    public Append Source { get; } = source;

    public IReadOnlyList<EncodedEvent> Events { get; } = events;

    public byte[]? Headers { get; } = headers;

    /// <summary>The tail's generation before the append was encoded, see <see cref="TailWindow.Generation"/>.</summary>
    public long Generation { get; init; }

    /// <summary>The keys under which its personal data is encrypted: they must be there when it is written.</summary>
    public IReadOnlyList<KeyInUse> Keys { get; init; } = [];

    public int Bytes { get; } = events.Sum(one => one.Json.Length + (headers?.Length ?? 0));

    public Guid StreamId => Source.StreamId;

    public Guid FirstEventId => Events[0].Id;

    public AppendCondition Condition => Source.Condition;

    public IReadOnlyDictionary<string, string>? HeaderValues { get; } = headerValues;
}

/// <summary>An event of an append: its data, and what is stored for it.</summary>
internal readonly record struct EncodedEvent(
    Guid Id, EventType Type, object Data, byte[] Json, IReadOnlyList<string> Tags);

/// <summary>
/// Refuses what PostgreSQL would refuse, so that one caller's mistake never reaches a batch shared with others.
/// </summary>
internal sealed class AppendEncoder(EventCodec codec, EventStoreOptions options)
{
    public async ValueTask<IReadOnlyList<EncodedAppend>> EncodeAllAsync(
        IReadOnlyList<Append> appends, long generation, CancellationToken cancellationToken)
    {
        var encoded = new List<EncodedAppend>(appends.Count);
        foreach (var append in appends)
            encoded.Add(await EncodeAsync(append, generation, cancellationToken));
        var (events, bytes) = (encoded.Sum(one => one.Events.Count), encoded.Sum(one => (long)one.Bytes));
        if (events > options.MaxEventsPerAppend || bytes > options.MaxBatchBytes)
            throw new EventTooLargeException(
                $"Appends that belong together have at most {options.MaxEventsPerAppend} events and "
                + $"{options.MaxBatchBytes} bytes; these have {events} and {bytes}.");
        return encoded.SelectMany(one => one.Events).DistinctBy(one => one.Id).Count() == events
            ? encoded
            : throw new InvalidEventException("Two events of the appends have the same id.");
    }

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
        CheckShortText(append.StreamType, "The stream type");
        CheckShortText(append.Metadata.CorrelationId, "The correlation id");
        CheckShortText(append.Metadata.CausationId, "The causation id");

        CheckTags(append.Condition.Tags);
        var headerValues = append.Metadata.StoredHeaders();
        foreach (var (name, value) in headerValues ?? StoredEvent.NoHeaders)
        {
            CheckText(name, "A header");
            CheckText(value, "A header");
        }

        var headers = headerValues is null ? null : EventCodec.EncodeHeaders(headerValues);
        if (headers is not null)
            CheckJson(headers, "The headers", options.MaxEventBytes);

        var events = new EncodedEvent[append.Events.Count];
        HashSet<KeyInUse>? keys = null;
        for (var i = 0; i < events.Length; i++)
        {
            (events[i], var key) = await EncodeAsync(append.Events[i], cancellationToken);
            if (key is { } used)
                (keys ??= []).Add(used);
        }

        var encoded = new EncodedAppend(append, events, headerValues, headers)
        {
            Generation = generation,
            Keys = keys is null ? [] : [.. keys],
        };
        return encoded.Bytes <= options.MaxBatchBytes
            ? encoded
            : throw new EventTooLargeException(
                $"An append has at most {options.MaxBatchBytes} bytes; this one has {encoded.Bytes}.");
    }

    private async ValueTask<(EncodedEvent Event, KeyInUse? Key)> EncodeAsync(
        NewEvent one, CancellationToken cancellationToken)
    {
        var type = options.Types.Of(one.Data);
        CheckTags(one.Tags);
        var (json, key) = await codec.EncodeAsync(type, one.Id, one.Data, cancellationToken);
        CheckJson(json, $"Event {one.Id}", options.MaxEventBytes);
        return (new(one.Id, type, one.Data, json, one.Tags), key);
    }

    private static void CheckJson(byte[] json, string what, int bytesMax)
    {
        if (json.Length > bytesMax)
            throw new EventTooLargeException($"{what} has {json.Length} bytes; at most {bytesMax} are stored.");
        if (HoldsNul(json))
            throw new InvalidEventException($"{what} holds the character U+0000, which PostgreSQL cannot store.");
    }

    private static void CheckShortText(string? text, string what)
    {
        CheckText(text, what);
        if (text?.Length > EventMetadata.MaxTextLength)
            throw new EventTooLargeException($"{what} has at most {EventMetadata.MaxTextLength} characters.");
    }

    private static void CheckTags(IReadOnlyList<string?> tags)
    {
        if (tags.Count > NewEvent.MaxTags)
            throw new EventTooLargeException($"There are at most {NewEvent.MaxTags} tags; here are {tags.Count}.");
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
