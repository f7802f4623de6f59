using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Chat.Api.Commands;

/// <summary>
/// The ids of a command's events. The first is a name-based UUID (RFC 9562 §5.5) of account and commandId: the same
/// command sent again has the same event id, and the log's unique index finds the first result.
/// </summary>
internal static class CommandIds
{
    public static Guid FirstEvent(Guid accountId, Guid? commandId, TimeProvider clock) => commandId is { } id
        ? NameBased(accountId, id.ToByteArray(bigEndian: true))
        : Guid.CreateVersion7(clock.GetUtcNow());

    public static Guid Event(Guid firstEvent, int index)
    {
        if (index == 0)
            return firstEvent;
        Span<byte> name = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(name, index);
        return NameBased(firstEvent, name);
    }

    // SHA-1 is what version 5 is made of; nothing here rests on its resistance to collisions:
    // both parts are fixed-size ids.
    private static Guid NameBased(Guid space, ReadOnlySpan<byte> name)
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
