using System.Collections.Immutable;
using Chat.Domain.Rooms;
using Chat.Projections.Rooms;

namespace Chat.Api.Rooms;

internal static class RoomRows
{
    public static Room ToDomain(RoomRow room, IEnumerable<MemberRow> members) => new(
        room.Id, room.Kind, room.Name, room.Topic, room.Visibility, room.Encrypted)
    {
        Archived = room.Archived,
        Members = members.ToImmutableDictionary(
            member => member.AccountId, member => new RoomMember(member.Role, member.JoinedPosition)),
    };
}
