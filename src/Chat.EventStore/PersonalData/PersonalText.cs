using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Chat.EventStore;

/// <summary>
/// Writes a personal string as <c>enc:v1:</c> and base64 of nonce, ciphertext and tag. The event's id and the
/// property's name are authenticated with it, so a value moved to another event or property is refused.
/// </summary>
internal sealed class PersonalText(string property) : JsonConverter<string>
{
    private const string Prefix = "enc:v1:";
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
        var sealedText = new byte[NonceBytes + text.Length + TagBytes];
        var nonce = sealedText.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key.Bytes!, TagBytes);
        cipher.Encrypt(
            nonce, text, sealedText.AsSpan(NonceBytes, text.Length), sealedText.AsSpan(^TagBytes..), Context(eventId));
        writer.WriteStringValue(Prefix + Convert.ToBase64String(sealedText));
    }

    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var (eventId, key) = current ?? throw new InvalidOperationException("Personal data is read outside an event.");
        var stored = reader.GetString()!;
        if (key.IsErased)
            return "";
        if (!stored.StartsWith(Prefix, StringComparison.Ordinal))
            throw new CryptographicException($"{property} is not encrypted.");
        if (key.Bytes is null)
            throw new CryptographicException(key.Problem);

        ReadOnlySpan<byte> sealedText = Convert.FromBase64String(stored[Prefix.Length..]);
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

    private byte[] Context(Guid eventId) =>
        [.. eventId.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(property)];
}
