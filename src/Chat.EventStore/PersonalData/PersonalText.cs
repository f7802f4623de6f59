using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Chat.EventStore;

/// <summary>
/// Writes a personal string as <c>enc:v2:</c> and base64 of the key's id, nonce, ciphertext and tag. The event's id and
/// the property's name are authenticated with it, so a value moved to another event or property is refused. Values of
/// <c>enc:v1:</c> do not name their key.
/// </summary>
internal sealed class PersonalText(string property) : JsonConverter<string>
{
    private const string Prefix = "enc:v2:";
    private const string PrefixWithoutKeyId = "enc:v1:";
    private const int KeyIdBytes = 16;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    // The serializer offers no way to hand a converter what belongs to one call; a call stays on its thread.
    [ThreadStatic]
    private static (Guid EventId, DataKey Key)? current;

    /// <summary>Serializes or deserializes an event that holds personal data.</summary>
    public static T Within<T>(Guid eventId, DataKey key, Func<T> serialize)
    {
        current = (eventId, key);
        try
        {
            return serialize();
        }
        finally
        {
            current = null;
        }
    }

    /// <summary>Gives the personal properties of a type this converter.</summary>
    public static void Encrypt(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object || PersonalDataShape.Of(info.Type) is not { } shape)
            return;
        foreach (var property in info.Properties)
        {
            if (property.AttributeProvider is MemberInfo member && shape.Properties.Contains(member.Name))
                property.CustomConverter = new PersonalText(member.Name);
        }
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        var (eventId, key) = current
            ?? throw new InvalidOperationException("Personal data is written outside an event.");
        var text = Encoding.UTF8.GetBytes(PlainText.Checked(value));
        var stored = new byte[KeyIdBytes + NonceBytes + text.Length + TagBytes];
        key.Id.TryWriteBytes(stored, bigEndian: true, out _);
        var sealedText = stored.AsSpan(KeyIdBytes);
        var nonce = sealedText[..NonceBytes];
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key.Bytes!, TagBytes);
        cipher.Encrypt(nonce, text, sealedText[NonceBytes..^TagBytes], sealedText[^TagBytes..], Context(eventId));
        writer.WriteStringValue(Prefix + Convert.ToBase64String(stored));
    }

    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var (eventId, key) = current ?? throw new InvalidOperationException("Personal data is read outside an event.");
        var stored = reader.GetString()!;
        if (key.IsErased)
            return "";
        var sealedText = SealedText(stored, key);
        if (key.Bytes is null)
            throw new CryptographicException(key.Problem);
        if (sealedText.Length < NonceBytes + TagBytes)
            throw new CryptographicException($"{property} is cut short.");
        var text = new byte[sealedText.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(key.Bytes, TagBytes);
        cipher.Decrypt(
            sealedText[..NonceBytes],
            sealedText[NonceBytes..^TagBytes],
            sealedText[^TagBytes..],
            text,
            Context(eventId));
        return Encoding.UTF8.GetString(text);
    }

    private ReadOnlySpan<byte> SealedText(string stored, DataKey key)
    {
        if (stored.StartsWith(PrefixWithoutKeyId, StringComparison.Ordinal))
            return Convert.FromBase64String(stored[PrefixWithoutKeyId.Length..]);
        if (!stored.StartsWith(Prefix, StringComparison.Ordinal))
            throw new CryptographicException($"{property} is not encrypted.");
        var named = Convert.FromBase64String(stored[Prefix.Length..]);
        if (named.Length < KeyIdBytes)
            throw new CryptographicException($"{property} is cut short.");
        var id = new Guid(named.AsSpan(0, KeyIdBytes), bigEndian: true);
        return key.Bytes is null || id == key.Id
            ? named.AsSpan(KeyIdBytes)
            : throw new CryptographicException($"{property} is encrypted under the data key {id}, which is lost.");
    }

    private byte[] Context(Guid eventId) =>
        [.. eventId.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(property)];
}
