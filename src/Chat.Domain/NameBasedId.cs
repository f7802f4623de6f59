using System.Security.Cryptography;

namespace Chat.Domain;

/// <summary>Ids that follow from names (RFC 9562 §5.5): the same space and name always give the same id.</summary>
public static class NameBasedId
{
    // SHA-1 is what version 5 is made of; nothing here rests on its resistance to collisions:
    // the names are fixed-size ids and numbers.
    public static Guid Of(Guid space, ReadOnlySpan<byte> name)
    {
        Span<byte> input = stackalloc byte[16 + name.Length];
        space.TryWriteBytes(input, bigEndian: true, out _);
        name.CopyTo(input[16..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 9562 §5.5 says SHA-1.
        SHA1.HashData(input, hash);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
