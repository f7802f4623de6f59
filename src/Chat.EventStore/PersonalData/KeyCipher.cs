using System.Security.Cryptography;

namespace Chat.EventStore;

/// <summary>
/// A subject's key, made ready once for all the values of a page: making ready costs more than a short text does. For
/// one thread at a time.
/// </summary>
internal sealed class KeyCipher(DataKey key) : IDisposable
{
    private AesGcm? aes;

    public DataKey Key { get; } = key;

    /// <summary>The cipher of a key that is there.</summary>
    public AesGcm Aes => aes ??= new AesGcm(Key.Bytes!, AesGcm.TagByteSizes.MaxSize);

    public void Dispose() => aes?.Dispose();
}
