using System.Collections.Immutable;
using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Domain.Rooms;
using Chat.Projections;
using Chat.Projections.Rooms;

namespace Chat.Api.Rooms;

/// <summary>A room that somebody may know of, with what they are in it.</summary>
/// <param name="Rules">
/// The room for questions about the actor: of all people in it, it holds only them (docs/permissions.md).
/// </param>
internal sealed record AccessibleRoom(RoomRow Room, MemberRow? Membership, Room Rules, Actor Actor)
{
    /// <summary>Whether messages, members, pins and events are theirs to see, above the floor.</summary>
    public bool MayRead => Rules.Refuse(Permission.Read, Actor, default) is null;

    public bool MaySeeActivity => Rules.Refuse(Permission.SeeActivity, Actor, default) is null;

    /// <summary>The last position that they do not see.</summary>
    public long Floor => Membership?.Floor ?? 0;

    /// <summary>What somebody who is not a member is told where it takes one.</summary>
    public Refusal NoMembership => Rules.Banned.Contains(Actor.Id)
        ? Domain.Rooms.Room.IsBanned
        : Domain.Rooms.Room.NotMember;
}

/// <summary>The one door through which rooms are read: what is missing and what is hidden look the same.</summary>
internal sealed class RoomAccess(ReadSnapshot snapshot)
{
    public async Task<AccessibleRoom?> FindAsync(Guid roomId, Actor actor, CancellationToken ct) =>
        await FindAsync([(actor, roomId)], ct) is [var room] ? room : null;

    /// <summary>Those of the rooms that the actor beside them may know of; each pair is asked for once.</summary>
    public async Task<IReadOnlyList<AccessibleRoom>> FindAsync(
        IReadOnlyList<(Actor Actor, Guid RoomId)> keys, CancellationToken ct)
    {
        var rooms = (await new RoomReader(snapshot).FindAsync([.. keys.Select(key => key.RoomId).Distinct()], ct))
            .ToDictionary(room => room.Id);
        if (rooms.Count == 0)
            return [];
        var standings = (await new MemberReader(snapshot).StandingsAsync(
            [.. keys.Select(key => (key.Actor.Id, key.RoomId)).Distinct()], ct))
            .ToDictionary(standing => (standing.AccountId, standing.RoomId));
        return
        [
            .. keys.Where(key => rooms.ContainsKey(key.RoomId))
                .Select(key => Of(rooms[key.RoomId], standings[(key.Actor.Id, key.RoomId)], key.Actor))
                .Where(room => room.Rules.IsVisibleTo(room.Actor)),
        ];
    }

    private static AccessibleRoom Of(RoomRow row, StandingRow standing, Actor actor)
    {
        var rules = new Room(row.Id, row.Kind, row.Name, row.Topic, row.Visibility, row.Encrypted)
        {
            Archived = row.Archived,
            Settings = row.Settings,
            ExpiredThrough = row.ExpiredThrough,
            Invited = standing.IsInvited ? [actor.Id] : [],
            Banned = standing.IsBanned ? [actor.Id] : [],
            Members = standing.Membership is { } member
                ? ImmutableDictionary<Guid, RoomMember>.Empty.Add(
                    actor.Id, new RoomMember(member.Role, member.JoinedPosition, member.Floor))
                : ImmutableDictionary<Guid, RoomMember>.Empty,
        };
        return new AccessibleRoom(row, standing.Membership, rules, actor);
    }
}
