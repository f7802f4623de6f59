using System.Collections.Immutable;
using Chat.Domain.Messages;

namespace Chat.Domain.Rooms;

/// <summary>
/// PUBLIC rooms are listed and open to all; PRIVATE ones are by invitation. The numbers are stored: append only.
/// </summary>
public enum RoomVisibility
{
    Public = 0,
    Private = 1,
}

/// <summary>The numbers are stored: append only.</summary>
public enum RoomKind
{
    Group = 0,
    Direct = 1,
}

/// <summary>The rank of a member in one room, highest first. The numbers are stored: append only.</summary>
public enum RoomRole
{
    Owner = 0,
    Admin = 1,
    Moderator = 2,
    Member = 3,
}

/// <summary>Somebody who is in a room.</summary>
/// <param name="JoinedPosition">The position of the join.</param>
/// <param name="Floor">The last position that the member does not see; 0: they see everything.</param>
public sealed record RoomMember(RoomRole Role, long JoinedPosition, long Floor = 0);

/// <summary>
/// Who is in a room and what is allowed there: all that decisions rest on, and nothing that grows with the number of
/// messages (docs/adr/0011-message-facts.md).
/// </summary>
public sealed partial record Room(
    Guid Id, RoomKind Kind, string Name, string Topic, RoomVisibility Visibility, bool Encrypted)
{
    public bool Archived { get; init; }

    public RoomSettings Settings { get; init; } =
        Kind == RoomKind.Direct ? RoomSettings.OfDirect : RoomSettings.Default;

    public ImmutableDictionary<Guid, RoomMember> Members { get; init; } =
        ImmutableDictionary<Guid, RoomMember>.Empty;

    public ImmutableHashSet<Guid> Invited { get; init; } = [];

    public ImmutableHashSet<Guid> Banned { get; init; } = [];

    /// <summary>Who is muted until when, also when they leave meanwhile: coming back ends no mute.</summary>
    public ImmutableDictionary<Guid, DateTimeOffset> MutedUntil { get; init; } =
        ImmutableDictionary<Guid, DateTimeOffset>.Empty;

    /// <summary>When each account last posted in slow mode; empty while that is off.</summary>
    public ImmutableDictionary<Guid, DateTimeOffset> SlowPosts { get; init; } =
        ImmutableDictionary<Guid, DateTimeOffset>.Empty;

    /// <summary>The pinned messages and their positions.</summary>
    public ImmutableDictionary<Guid, long> Pins { get; init; } = ImmutableDictionary<Guid, long>.Empty;

    /// <summary>Messages up to this position are gone by retention.</summary>
    public long ExpiredThrough { get; init; }

    public static Room Evolve(Room? room, RoomEvent @event, Moment moment) =>
        @event is RoomCreated created ? Created(created, moment)
        : room is null ? throw new InvalidOperationException("A room's first event must create it.")
        : room.Next(@event, moment);

    private static Room Created(RoomCreated e, Moment moment)
    {
        var role = e.Kind == RoomKind.Direct ? RoomRole.Member : RoomRole.Owner;
        var room = new Room(e.RoomId, e.Kind, e.Name, e.Topic, e.Visibility, e.Encrypted);
        return room with { Members = room.Members.Add(e.CreatedBy, new RoomMember(role, moment.Position)) };
    }

    private Room Next(RoomEvent @event, Moment moment) => @event switch
    {
        RoomUpdated e => Updated(e),
        RoomArchived => this with { Archived = true },
        RoomReopened => this with { Archived = false },
        HistoryExpired e => this with
        {
            ExpiredThrough = Math.Max(ExpiredThrough, e.ThroughPosition),
            Pins = Pins.RemoveRange(Pins.Where(pin => pin.Value <= e.ThroughPosition).Select(pin => pin.Key)),
        },
        MemberJoined e => this with
        {
            Members = Members.SetItem(e.MemberId, new RoomMember(
                RoomRole.Member, moment.Position, Floor: e.HistoryHidden ? moment.Position - 1 : 0)),
            Invited = Invited.Remove(e.MemberId),
        },
        MemberLeft e => Without(e.MemberId),
        MemberInvited e => this with { Invited = Invited.Add(e.MemberId) },
        InvitationDeclined e => this with { Invited = Invited.Remove(e.MemberId) },
        MemberKicked e => Without(e.MemberId),
        MemberBanned e => Without(e.MemberId) with { Banned = Banned.Add(e.MemberId) },
        MemberUnbanned e => this with { Banned = Banned.Remove(e.MemberId) },
        MemberMuted e => this with
        {
            MutedUntil = MutedUntil
                .RemoveRange(MutedUntil.Where(mute => mute.Value <= moment.At).Select(mute => mute.Key))
                .SetItem(e.MemberId, e.Until),
        },
        MemberUnmuted e => this with { MutedUntil = MutedUntil.Remove(e.MemberId) },
        MemberRoleChanged e => this with
        {
            Members = Members.SetItem(e.MemberId, Members[e.MemberId] with { Role = e.Role }),
        },
        MessagePosted { Slowed: true } e => this with { SlowPosts = SlowPosts.SetItem(e.AuthorId, moment.At) },
        MessagePinned e => this with { Pins = Pins.SetItem(e.MessageId, e.Position) },
        MessageUnpinned e => this with { Pins = Pins.Remove(e.MessageId) },
        MessagePosted or MessageEdited or MessageDeleted or ReactionAdded or ReactionRemoved => this,
        _ => throw new InvalidOperationException($"Room does not know {@event.GetType().Name}."),
    };

    private Room Updated(RoomUpdated e) => this with
    {
        Name = e.Name ?? Name,
        Topic = e.Topic ?? Topic,
        Visibility = e.Visibility ?? Visibility,
        Settings = e.Settings ?? Settings,
        SlowPosts = e.Settings is { SlowModeSeconds: 0 } ? SlowPosts.Clear() : SlowPosts,
    };

    private Room Without(Guid accountId) => this with
    {
        Members = Members.Remove(accountId),
        Invited = Invited.Remove(accountId),
    };
}
