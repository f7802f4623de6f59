using System.Text;

namespace Chat.EventStore;

/// <summary>An append that has passed every check that needs no database, its events as JSON.</summary>
internal sealed class EncodedAppend(Append source, IReadOnlyList<EncodedEvent> events, byte[]? headers)
{
    public Append Source { get; } = source;

    public IReadOnlyList<EncodedEvent> Events { get; } = events;

    public byte[]? Headers { get; } = headers;

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
    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public async ValueTask<EncodedAppend> EncodeAsync(Append append, CancellationToken cancellationToken)
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

        var headers = append.Metadata.Headers is { Count: > 0 } given ? EventCodec.EncodeHeaders(given) : null;
        if (headers is not null)
            CheckJson(headers, "The headers", options.MaxEventBytes);

        var events = new EncodedEvent[append.Events.Count];
        for (var i = 0; i < events.Length; i++)
            events[i] = await EncodeAsync(append.Events[i], cancellationToken);

        var encoded = new EncodedAppend(append, events, headers);
        return encoded.Bytes <= options.MaxBatchBytes
            ? encoded
            : throw new EventTooLargeException(
                $"An append has at most {options.MaxBatchBytes} bytes; this one has {encoded.Bytes}.");
    }

    private async ValueTask<EncodedEvent> EncodeAsync(NewEvent one, CancellationToken cancellationToken)
    {
        var type = options.Types.Of(one.Data);
        foreach (var tag in one.Tags)
        {
            CheckText(tag, "A tag");
            if (tag.Length is 0 or > NewEvent.MaxTagLength)
                throw new InvalidEventException($"A tag has 1 to {NewEvent.MaxTagLength} characters.");
        }

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

    private static void CheckText(string? text, string what)
    {
        if (text is null)
            return;
        if (text.Contains('\0'))
            throw new InvalidEventException($"{what} holds the character U+0000, which PostgreSQL cannot store.");
        try
        {
            _ = Strict.GetByteCount(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new InvalidEventException($"{what} is not well-formed Unicode.", e);
        }
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
