using System.Buffers.Binary;

namespace Chat.Bench.Store;

/// <summary>What kind of event id a run uses; the unique index on the id feels the difference.</summary>
internal enum IdKind
{
    /// <summary>UUIDv7, as most callers make them: neighbours in time are neighbours in the index.</summary>
    Ordered,

    /// <summary>As name-based ids are: each lands somewhere in the index.</summary>
    Scattered,
}

/// <summary>Ids from a seed; cheap, so that making them is no part of what is measured.</summary>
internal sealed class EventIds(IdKind kind, int seed)
{
    private const byte Version7 = 0x70;
    private const byte Version4 = 0x40;
    private const byte Variant = 0x80;

    private readonly Random random = new(seed);

    public Guid Next()
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        var version = Version4;
        if (kind is IdKind.Ordered)
        {
            var milliseconds = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            BinaryPrimitives.WriteUInt64BigEndian(bytes, ((ulong)milliseconds << 16) | bytes[7]);
            version = Version7;
        }

        bytes[6] = (byte)((bytes[6] & 0x0f) | version);
        bytes[8] = (byte)((bytes[8] & 0x3f) | Variant);
        return new(bytes, bigEndian: true);
    }
}
