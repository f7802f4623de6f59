using System.Buffers.Binary;
using Chat.Domain;

namespace Chat.Api.Commands;

/// <summary>
/// The ids of a command's events. The first is a name-based UUID (RFC 9562 §5.5) of account and commandId: the same
/// command sent again has the same event id, and the log's unique index finds the first result.
/// </summary>
internal static class CommandIds
{
    public static Guid FirstEvent(Guid accountId, Guid? commandId, TimeProvider clock) => commandId is { } id
        ? NameBasedId.Of(accountId, id.ToByteArray(bigEndian: true))
        : Guid.CreateVersion7(clock.GetUtcNow());

    public static Guid Event(Guid firstEvent, int index)
    {
        if (index == 0)
            return firstEvent;
        Span<byte> name = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(name, index);
        return NameBasedId.Of(firstEvent, name);
    }
}
