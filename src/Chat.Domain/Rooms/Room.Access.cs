using System.Diagnostics.CodeAnalysis;
using Chat.Domain.Accounts;
using Chat.Domain.Messages;

namespace Chat.Domain.Rooms;

/// <summary>The one door: who may do what here, by the table of <see cref="Permissions"/>.</summary>
public sealed partial record Room
{
    public static readonly Refusal NotMember = new("FORBIDDEN", "Only members of the room can do this. Join it first.");

    public static readonly Refusal NotAllowed = new("FORBIDDEN", "Your role in the room does not allow this.");

    public static readonly Refusal NotLower =
        new("ROOM_ROLE_NOT_LOWER", "This can be done only to members whose role is lower than yours.");

    public static readonly Refusal IsArchived =
        new("ROOM_ARCHIVED", "The room is archived: it can be read, but nothing more happens in it.");

    public static readonly Refusal IsBanned = new("ROOM_BANNED", "You are banned from this room.");

    public static readonly Refusal IsMuted = new("ROOM_MUTED", "You are muted in this room for now.");

    public static readonly Refusal GuestsCannotPost =
        new("ROOM_GUESTS_CANNOT_POST", "Guests can read in this room, but not write.");

    public static readonly Refusal MembersCannotPin =
        new("ROOM_MEMBERS_CANNOT_PIN", "In this room only moderators pin messages.");

    public static readonly Refusal MembersCannotInvite =
        new("ROOM_MEMBERS_CANNOT_INVITE", "In this room only moderators invite people.");

    public static readonly Refusal PublicCannotBeEncrypted =
        new("ROOM_PUBLIC_ENCRYPTED", "A public room cannot be end-to-end encrypted: anyone may join it.")
        {
            Field = "encrypted",
        };

    public static readonly Refusal NoSuchMember =
        new("NOT_FOUND", "There is no such member in the room.") { Field = "userId" };

    public static readonly Refusal OwnerStays =
        new("ROOM_OWNER_STAYS", "The room's owner cannot be put out: a room is never without one.");

    public Standing StandingOf(Actor actor) => Members.GetValueOrDefault(actor.Id) switch
    {
        null => Standing.Stranger,
        { Role: RoomRole.Member } when actor.IsGuest => Standing.GuestMember,
        { Role: RoomRole.Member } => Standing.Member,
        { Role: RoomRole.Moderator } => Standing.Moderator,
        { Role: RoomRole.Admin } => Standing.Admin,
        _ => Standing.Owner,
    };

    public bool IsVisibleTo(Actor actor) =>
        GrantOf(Visibility == RoomVisibility.Public ? Permission.SeePublicRoom : Permission.SeeHiddenRoom, actor) switch
        {
            Grant.Never => false,
            Grant.WhenInvited => Invited.Contains(actor.Id),
            _ => true,
        };

    /// <summary>Whether the room and, in it, this message are there for somebody. What is missing is not.</summary>
    public bool Shows([NotNullWhen(true)] Message? message, Actor actor) =>
        message is not null
        && message.RoomId == Id
        && message.Position > ExpiredThrough
        && IsVisibleTo(actor)
        && GrantOf(Permission.Read, actor) == Grant.Always
        && message.Position > (Members.GetValueOrDefault(actor.Id)?.Floor ?? 0);

    /// <summary>Null: allowed, as far as the room is concerned. Reading is allowed in an archived room, too.</summary>
    public Refusal? Refuse(Permission permission, Actor actor, DateTimeOffset now)
    {
        if (!IsVisibleTo(actor))
            return Refusal.NotFound;
        var grant = GrantOf(permission, actor);
        if (grant == Grant.Never)
            return Members.ContainsKey(actor.Id) ? NotAllowed : Banned.Contains(actor.Id) ? IsBanned : NotMember;
        if (Archived && permission is not (Permission.Read or Permission.SeeActivity))
            return IsArchived;
        return grant switch
        {
            Grant.WhereGuestsCanPost when !Settings.GuestsCanPost => GuestsCannotPost,
            Grant.WhereGuestsCanPost or Grant.UnlessMuted => MuteOf(actor.Id, now),
            Grant.WhereMembersCanPin when !Settings.MembersCanPin => MembersCannotPin,
            Grant.WhereMembersCanInvite when !Settings.MembersCanInvite => MembersCannotInvite,
            _ => null,
        };
    }

    /// <summary>
    /// Whether the actor may do something to a person: those in the room only to lower roles, the server's
    /// administrators in a public room to anybody. Who is not in the room is lower than all who are.
    /// </summary>
    public bool Outranks(Actor actor, Guid accountId) =>
        actor.Id != accountId && (IsModeratedByServer(actor) || RankOf(actor.Id) < RankOf(accountId));

    private Grant GrantOf(Permission permission, Actor actor)
    {
        var own = Permissions.Of(permission, StandingOf(actor));
        return own == Grant.Always || !IsModeratedByServer(actor)
            || Permissions.Of(permission, Standing.ServerAdmin) == Grant.Never
                ? own
                : Permissions.Of(permission, Standing.ServerAdmin);
    }

    private bool IsModeratedByServer(Actor actor) =>
        Visibility == RoomVisibility.Public && actor.May(ServerPermission.ModeratePublicRooms);

    private int RankOf(Guid accountId) =>
        Members.TryGetValue(accountId, out var member) ? (int)member.Role : (int)RoomRole.Member + 1;

    private Refusal? MuteOf(Guid accountId, DateTimeOffset now) =>
        MutedUntil.TryGetValue(accountId, out var until) && until > now ? IsMuted : null;
}
