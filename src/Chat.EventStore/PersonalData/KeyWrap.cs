using System.Security.Cryptography;

namespace Chat.EventStore;

/// <summary>
/// Wraps data keys under master keys: nonce, ciphertext and tag of AES-256-GCM, bound to the subject.
/// </summary>
internal sealed class KeyWrap(IReadOnlyDictionary<int, byte[]> masterKeys)
{
    public const int KeyBytes = 32;

    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    public byte[] Wrap(byte[] key, Guid subject, int masterKey)
    {
        if (!masterKeys.TryGetValue(masterKey, out var master))
            throw new InvalidOperationException("Personal data needs a master key; none is configured.");
        var wrapped = new byte[NonceBytes + KeyBytes + TagBytes];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(master, TagBytes);
        cipher.Encrypt(
            wrapped.AsSpan(0, NonceBytes),
            key,
            wrapped.AsSpan(NonceBytes, KeyBytes),
            wrapped.AsSpan(^TagBytes..),
            Context(subject));
        return wrapped;
    }

    public DataKey Unwrap(byte[] wrapped, Guid subject, int masterKey, Guid id)
    {
        if (!masterKeys.TryGetValue(masterKey, out var master))
            return new() { Problem = $"The master key {masterKey} of subject {subject}'s data key is not configured." };
        if (wrapped.Length != NonceBytes + KeyBytes + TagBytes)
            return new() { Problem = $"The data key of subject {subject} is damaged." };
        var key = new byte[KeyBytes];
        using var cipher = new AesGcm(master, TagBytes);
        try
        {
            cipher.Decrypt(
                wrapped.AsSpan(0, NonceBytes),
                wrapped.AsSpan(NonceBytes, KeyBytes),
                wrapped.AsSpan(^TagBytes..),
                key,
                Context(subject));
        }
        catch (AuthenticationTagMismatchException)
        {
            return new() { Problem = $"The master key {masterKey} does not open the data key of subject {subject}." };
        }

        return new() { Id = id, Bytes = key };
    }

    private static byte[] Context(Guid subject) => subject.ToByteArray(bigEndian: true);
}
