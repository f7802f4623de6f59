using Chat.Domain.Rooms;
using Chat.Projections;
using Chat.Projections.Rooms;

namespace Chat.Api.Rooms;

/// <summary>A room that the account may know of, with its membership there.</summary>
internal sealed record AccessibleRoom(RoomRow Room, MemberRow? Membership);

/// <summary>The one door through which rooms are read: what is missing and what is hidden look the same.</summary>
internal sealed class RoomAccess(ReadSnapshot snapshot)
{
    public async Task<AccessibleRoom?> FindAsync(Guid roomId, Guid accountId, CancellationToken ct)
    {
        var room = (await new RoomReader(snapshot).FindAsync([roomId], ct)).FirstOrDefault();
        if (room is null)
            return null;
        var membership = (await new MemberReader(snapshot).OfAccountAsync(accountId, [roomId], ct)).FirstOrDefault();
        return room.Visibility == RoomVisibility.Public || membership is not null
            ? new AccessibleRoom(room, membership)
            : null;
    }
}
