using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Chat.EventStore;

/// <summary>
/// Turns events into the JSON of the column <c>data</c> and back, as Marten does by default: System.Text.Json, property
/// names as they are, enums as numbers. Personal data is encrypted on the way in and decrypted on the way out.
/// </summary>
internal sealed class EventCodec(EventTypes types, DataKeys keys)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        Converters = { new PlainText() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { PersonalText.Encrypt } },
    };

    // What is read needs no check of its texts, and without that converter System.Text.Json reads them faster.
    private static readonly JsonSerializerOptions ReadJson = new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { PersonalText.Encrypt } },
    };

    public static byte[] EncodeHeaders(IReadOnlyDictionary<string, string> headers) =>
        JsonSerializer.SerializeToUtf8Bytes(headers);

    /// <summary>Headers of foreign writers may hold other values than strings; those come as their JSON.</summary>
    public static IReadOnlyDictionary<string, string> DecodeHeaders(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? document.RootElement.EnumerateObject()
                .ToDictionary(one => one.Name, one => one.Value.ToString(), StringComparer.Ordinal)
            : StoredEvent.NoHeaders;
    }

    /// <summary>One header, for readers who look at no other; null where it is not there.</summary>
    public static string? DecodeHeader(byte[] json, string name)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isWanted = reader.ValueTextEquals(name);
            reader.Read();
            if (isWanted)
                return JsonElement.ParseValue(ref reader).ToString();
            reader.Skip();
        }

        return null;
    }

    /// <summary>The JSON of an event, and the key under which its personal data is encrypted.</summary>
    public async ValueTask<(byte[] Json, KeyInUse? Key)> EncodeAsync(
        EventType type, Guid eventId, object data, CancellationToken cancellationToken)
    {
        if (type.PersonalData is not { } shape)
            return (Encode(type, eventId, data, null), null);
        var subject = shape.SubjectOf(data);
        var key = await keys.GetOrMakeAsync(subject, cancellationToken);
        return (Encode(type, eventId, data, key), new(subject, key.Id));
    }

    private static byte[] Encode(EventType type, Guid eventId, object data, DataKey? key)
    {
        try
        {
            if (key is null)
                return JsonSerializer.SerializeToUtf8Bytes(data, type.ClrType, Json);
            using var cipher = new KeyCipher(key);
            return PersonalText.Within(
                eventId, cipher, () => JsonSerializer.SerializeToUtf8Bytes(data, type.ClrType, Json));
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException)
        {
            throw new InvalidEventException($"Event {eventId} cannot be written as JSON: {e.Message}", e);
        }
    }

    public async ValueTask<List<StoredEvent>> DecodeAsync(List<EventRow> rows, CancellationToken cancellationToken)
    {
        var subjects = rows.Select(SubjectOf).ToList();
        var wanted = subjects.OfType<Guid>().Distinct().ToList();
        var ciphers = wanted.Count == 0
            ? []
            : (await keys.LoadAsync(wanted, cancellationToken))
                .ToDictionary(found => found.Key, found => new KeyCipher(found.Value));
        try
        {
            var events = new List<StoredEvent>(rows.Count);
            for (var i = 0; i < rows.Count; i++)
                events.Add(Decode(rows[i], subjects[i] is { } subject ? ciphers[subject] : null));
            return events;
        }
        finally
        {
            foreach (var cipher in ciphers.Values)
                cipher.Dispose();
        }
    }

    /// <summary>A state from its JSON; null when its subject was erased.</summary>
    /// <exception cref="UnreadableEventException">The JSON does not fit, or there is no key to it.</exception>
    public async ValueTask<object?> DecodeStateAsync(
        EventType type, Guid contextId, byte[] json, CancellationToken cancellationToken)
    {
        var row = new EventRow { Id = contextId, Type = type.Alias, Data = json };
        if (type.PersonalData?.SubjectIn(json) is not { } subject)
            return Data(row, type, cipher: null);
        var key = (await keys.LoadAsync([subject], cancellationToken))[subject];
        using var cipher = new KeyCipher(key);
        return key.IsErased ? null : Data(row, type, cipher);
    }

    public bool HoldsPersonalData(string alias) => types.Find(alias)?.PersonalData is not null;

    public StoredEvent Decode(EventRow row, KeyCipher? cipher)
    {
        var type = types.Find(row.Type);
        try
        {
            return Stored(row, type, new(Data(row, type, cipher)));
        }
        catch (UnreadableEventException e)
        {
            return Stored(row, type, new(e));
        }
    }

    private Guid? SubjectOf(EventRow row) =>
        types.Find(row.Type)?.PersonalData is { } shape ? shape.SubjectIn(row.Data) : null;

    private static object Data(EventRow row, EventType? type, KeyCipher? cipher)
    {
        if (type is null)
            throw new UnreadableEventException(row.Id, $"the type {row.Type} is not mapped.");
        if (type.PersonalData is not null && cipher is null)
            throw new UnreadableEventException(row.Id, "it does not say whose personal data it holds.");
        try
        {
            var data = cipher is null
                ? JsonSerializer.Deserialize(row.Data, type.ClrType, ReadJson)
                : PersonalText.Within(
                    row.Id, cipher, () => JsonSerializer.Deserialize(row.Data, type.ClrType, ReadJson));
            return data ?? throw new UnreadableEventException(row.Id, "its data is null.");
        }
        catch (Exception e) when (e is not UnreadableEventException)
        {
            throw new UnreadableEventException(row.Id, e.Message, e);
        }
    }

    private static StoredEvent Stored(EventRow row, EventType? type, StoredEvent.Content content) => new(content)
    {
        Id = row.Id,
        StreamId = row.StreamId,
        Version = row.Version,
        Sequence = row.Sequence,
        // Of many events in memory all have the one text.
        EventTypeName = type?.Alias ?? row.Type,
        Timestamp = row.Timestamp,
        CorrelationId = row.CorrelationId,
        CausationId = row.CausationId,
        HeadersJson = row.Headers,
        Bytes = row.Data.Length + (row.Headers?.Length ?? 0),
    };
}
