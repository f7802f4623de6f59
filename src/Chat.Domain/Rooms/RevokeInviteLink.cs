using Chat.Domain.Accounts;

namespace Chat.Domain.Rooms;

/// <summary>Ends a link: one's own, or as a moderator anybody's.</summary>
public sealed record RevokeInviteLink(Actor Member)
{
    /// <summary><paramref name="link"/>: the link, found by the hash of its code; null when there is none.</summary>
    public Decision<InviteLinkEvent> Decide(Room room, InviteLink? link, DateTimeOffset now)
    {
        var permission = link?.CreatedBy == Member.Id ? Permission.Read : Permission.Moderate;
        if ((room with { Archived = false }).Refuse(permission, Member, now) is { } refusal)
            return refusal;
        if (link?.RoomId != room.Id)
            return InviteLink.Invalid;
        return link.Revoked ? Decision<InviteLinkEvent>.Nothing : new InviteLinkRevoked(Member.Id);
    }
}
