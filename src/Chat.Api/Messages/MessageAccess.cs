using Chat.Api.Rooms;
using Chat.Domain.Accounts;
using Chat.Projections.Messages;

namespace Chat.Api.Messages;

/// <summary>A message that somebody may read, with its room.</summary>
internal sealed record AccessibleMessage(MessageRow Row, AccessibleRoom Room);

/// <summary>
/// The door to a single message, through that of its room: what is missing and what is hidden look the same.
/// </summary>
internal sealed class MessageAccess(MessageReader messages, RoomAccess rooms)
{
    public async Task<AccessibleMessage?> FindAsync(Guid id, Actor actor, CancellationToken ct)
    {
        // Where the floor is shows only the room that the message is in.
        var row = (await messages.FindAsync([new MessageKey(id, Floor: 0)], ct)).FirstOrDefault();
        return row is not null
            && await rooms.FindAsync(row.RoomId, actor, ct) is { MayRead: true } room
            && row.Position > room.Floor
                ? new AccessibleMessage(row, room)
                : null;
    }
}
