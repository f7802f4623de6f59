using System.Buffers;
using System.Buffers.Text;
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
    private const int KeyIdBytes = 16;
    private const int EventIdBytes = 16;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    // Most texts fit on the stack as they are stored.
    private const int StackBytes = 1024;

    private readonly byte[] name = Encoding.UTF8.GetBytes(property);

    // The serializer offers no way to hand a converter what belongs to one call; a call stays on its thread.
    [ThreadStatic]
    private static (Guid EventId, KeyCipher Cipher)? current;

    private static ReadOnlySpan<byte> Prefix => "enc:v2:"u8;

    private static ReadOnlySpan<byte> PrefixWithoutKeyId => "enc:v1:"u8;

    /// <summary>Serializes or deserializes an event that holds personal data.</summary>
    public static T Within<T>(Guid eventId, KeyCipher cipher, Func<T> serialize)
    {
        current = (eventId, cipher);
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
        var (eventId, cipher) = current
            ?? throw new InvalidOperationException("Personal data is written outside an event.");
        var text = Encoding.UTF8.GetBytes(PlainText.Checked(value));
        var stored = new byte[KeyIdBytes + NonceBytes + text.Length + TagBytes];
        cipher.Key.Id.TryWriteBytes(stored, bigEndian: true, out _);
        var sealedText = stored.AsSpan(KeyIdBytes);
        var nonce = sealedText[..NonceBytes];
        RandomNumberGenerator.Fill(nonce);
        cipher.Aes.Encrypt(
            nonce,
            text,
            sealedText[NonceBytes..^TagBytes],
            sealedText[^TagBytes..],
            Context(eventId, stackalloc byte[EventIdBytes + name.Length]));
        var json = new byte[Prefix.Length + Base64.GetMaxEncodedToUtf8Length(stored.Length)];
        Prefix.CopyTo(json);
        Base64.EncodeToUtf8(stored, json.AsSpan(Prefix.Length), out _, out _);
        writer.WriteStringValue(json);
    }

    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var (eventId, cipher) = current
            ?? throw new InvalidOperationException("Personal data is read outside an event.");
        if (cipher.Key.IsErased)
            return "";
        var length = reader.HasValueSequence ? checked((int)reader.ValueSequence.Length) : reader.ValueSpan.Length;
        if (length <= StackBytes)
            return Read(ref reader, eventId, cipher, stackalloc byte[StackBytes]);
        var pooled = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            return Read(ref reader, eventId, cipher, pooled);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(pooled, clearArray: true);
        }
    }

    // What is stored is decoded and decrypted where it lies.
    private string Read(ref Utf8JsonReader reader, Guid eventId, KeyCipher cipher, scoped Span<byte> space)
    {
        var sealedText = SealedText(space[..reader.CopyString(space)], cipher.Key);
        if (cipher.Key.Bytes is null)
            throw new CryptographicException(cipher.Key.Problem);
        if (sealedText.Length < NonceBytes + TagBytes)
            throw new CryptographicException($"{property} is cut short.");
        var text = sealedText[NonceBytes..^TagBytes];
        cipher.Aes.Decrypt(
            sealedText[..NonceBytes],
            text,
            sealedText[^TagBytes..],
            text,
            Context(eventId, stackalloc byte[EventIdBytes + name.Length]));
        return Encoding.UTF8.GetString(text);
    }

    private Span<byte> SealedText(Span<byte> stored, DataKey key)
    {
        if (stored.StartsWith(PrefixWithoutKeyId))
            return Decoded(stored[PrefixWithoutKeyId.Length..]);
        if (!stored.StartsWith(Prefix))
            throw new CryptographicException($"{property} is not encrypted.");
        var named = Decoded(stored[Prefix.Length..]);
        if (named.Length < KeyIdBytes)
            throw new CryptographicException($"{property} is cut short.");
        var id = new Guid(named[..KeyIdBytes], bigEndian: true);
        return key.Bytes is null || id == key.Id
            ? named[KeyIdBytes..]
            : throw new CryptographicException($"{property} is encrypted under the data key {id}, which is lost.");
    }

    private Span<byte> Decoded(Span<byte> base64) =>
        Base64.DecodeFromUtf8InPlace(base64, out var length) == OperationStatus.Done
            ? base64[..length]
            : throw new CryptographicException($"{property} is no base64.");

    private Span<byte> Context(Guid eventId, Span<byte> space)
    {
        eventId.TryWriteBytes(space, bigEndian: true, out var length);
        name.CopyTo(space[length..]);
        return space[..(length + name.Length)];
    }
}
