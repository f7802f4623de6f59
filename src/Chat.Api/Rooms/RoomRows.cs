using System.Collections.Immutable;
using Chat.Domain.Rooms;
using Chat.Projections.Rooms;

namespace Chat.Api.Rooms;

internal static class RoomRows
{
    public static Room ToDomain(RoomRow room, IEnumerable<MemberRow> members) => new(
        room.Id, room.Kind, room.Visibility, room.Encrypted, room.Archived,
        members.ToImmutableDictionary(member => member.AccountId, member => member.Role));
}
