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

/// <summary>
/// Who is in a room and what is allowed there: all that decisions rest on,
/// and nothing that grows with the number of messages.
/// </summary>
public sealed record Room(
    Guid Id, RoomKind Kind, RoomVisibility Visibility, bool Encrypted, bool Archived,
    ImmutableDictionary<Guid, RoomRole> Members)
{
    /// <summary>Tags an event that changes what is allowed in the room at all.</summary>
    public const string SettingsTag = "settings";

    /// <summary>Tags an event that changes who is in the room, or as what.</summary>
    public const string MembersTag = "members";

    public static readonly Refusal NotMember = new("FORBIDDEN", "Only members of the room can do this. Join it first.");
    public static readonly Refusal IsArchived =
        new("ROOM_ARCHIVED", "The room is archived: it can be read, but nothing more happens in it.");

    public bool IsVisibleTo(Guid accountId) => Visibility == RoomVisibility.Public || Members.ContainsKey(accountId);

    /// <summary>The one place that says who may write messages. Null: allowed.</summary>
    public Refusal? MayPost(Guid accountId) => this switch
    {
        _ when !IsVisibleTo(accountId) => Refusal.NotFound,
        _ when !Members.ContainsKey(accountId) => NotMember,
        { Archived: true } => IsArchived,
        _ => null,
    };

    public static Room Evolve(Room? room, RoomEvent @event) => @event switch
    {
        RoomCreated e => new Room(e.RoomId, e.Kind, e.Visibility, e.Encrypted, Archived: false,
            ImmutableDictionary<Guid, RoomRole>.Empty.Add(e.CreatedBy, RoomRole.Owner)),
        MemberJoined e => Existing(room) with { Members = Existing(room).Members.SetItem(e.MemberId, RoomRole.Member) },
        MemberLeft e => Existing(room) with { Members = Existing(room).Members.Remove(e.MemberId) },
        RoomArchived => Existing(room) with { Archived = true },
        MessagePosted => Existing(room),
        _ => throw new InvalidOperationException($"Room does not know {@event.GetType().Name}."),
    };

    /// <summary>Tags an event that changes what one person is in the room.</summary>
    public static string MemberTag(Guid accountId) => $"member:{accountId:N}";

    /// <summary>
    /// The tags of an event. Each later decision names those that it rests on;
    /// one that nothing rests on, a plain post, has none.
    /// </summary>
    public static IReadOnlyList<string> TagsOf(RoomEvent @event) => @event switch
    {
        MemberJoined e => [MembersTag, MemberTag(e.MemberId)],
        MemberLeft e => [MembersTag, MemberTag(e.MemberId)],
        RoomArchived => [SettingsTag],
        RoomCreated or MessagePosted => [],
        _ => throw new InvalidOperationException($"Room does not know {@event.GetType().Name}."),
    };

    private static Room Existing(Room? room) =>
        room ?? throw new InvalidOperationException("A room's first event must create it.");
}
