using static Chat.Domain.Grant;

namespace Chat.Domain;

/// <summary>What somebody is in a room, as the table of permissions asks.</summary>
public enum Standing
{
    Owner,
    Admin,
    Moderator,
    Member,

    /// <summary>A guest of the server whose role in the room is MEMBER.</summary>
    GuestMember,

    /// <summary>Signed in, but not in the room.</summary>
    Stranger,

    /// <summary>What an OWNER or ADMIN of the server may do in a PUBLIC room, beside what they are in it.</summary>
    ServerAdmin,
}

/// <summary>What can be done in a room.</summary>
public enum Permission
{
    SeePublicRoom,
    SeeHiddenRoom,
    Read,
    SeeActivity,
    Post,
    Moderate,
    MentionRoom,
    Pin,
    Invite,
    Ban,
    ChangeRoom,
    SetRoles,
    HandOver,
}

/// <summary>What can be done on the server.</summary>
public enum ServerPermission
{
    CreateRooms,
    ModeratePublicRooms,
    SeeReports,
    AppointAdmins,
    AppointAuditors,
    TakeRoles,
    ManageBots,
}

/// <summary>One cell of the table.</summary>
public enum Grant
{
    Never,
    Always,
    UnlessMuted,
    WhenInvited,

    /// <summary>And unless muted.</summary>
    WhereGuestsCanPost,
    WhereMembersCanPin,
    WhereMembersCanInvite,

    /// <summary>A setting of the server.</summary>
    WhereGuestsCreateRooms,
}

/// <summary>
/// Who may do what: the one table that every decision asks and that docs/permissions.md shows.
/// </summary>
public static class Permissions
{
    // In the order of Standing:
    // OWNER, ADMIN, MODERATOR, MEMBER, guest member, stranger, the server's OWNER and ADMIN in a public room.
    private static readonly Dictionary<Permission, Grant[]> Room = new()
    {
        [Permission.SeePublicRoom] = [Always, Always, Always, Always, Always, Always, Always],
        [Permission.SeeHiddenRoom] = [Always, Always, Always, Always, Always, WhenInvited, Never],
        [Permission.Read] = [Always, Always, Always, Always, Always, Never, Always],
        [Permission.SeeActivity] = [Always, Always, Always, Never, Never, Never, Always],
        [Permission.Post] = [UnlessMuted, UnlessMuted, UnlessMuted, UnlessMuted, WhereGuestsCanPost, Never, Never],
        [Permission.Moderate] = [Always, Always, Always, Never, Never, Never, Always],
        [Permission.MentionRoom] = [Always, Always, Always, Never, Never, Never, Never],
        [Permission.Pin] = [Always, Always, Always, WhereMembersCanPin, Never, Never, Never],
        [Permission.Invite] = [Always, Always, Always, WhereMembersCanInvite, Never, Never, Never],
        [Permission.Ban] = [Always, Always, Always, Never, Never, Never, Always],
        [Permission.ChangeRoom] = [Always, Always, Never, Never, Never, Never, Never],
        [Permission.SetRoles] = [Always, Always, Never, Never, Never, Never, Never],
        [Permission.HandOver] = [Always, Never, Never, Never, Never, Never, Never],
    };

    // In the order of ServerRole: OWNER, ADMIN, AUDITOR, MEMBER, GUEST.
    private static readonly Dictionary<ServerPermission, Grant[]> Server = new()
    {
        [ServerPermission.CreateRooms] = [Always, Always, Always, Always, WhereGuestsCreateRooms],
        [ServerPermission.ModeratePublicRooms] = [Always, Always, Never, Never, Never],
        [ServerPermission.SeeReports] = [Always, Always, Never, Never, Never],
        [ServerPermission.AppointAdmins] = [Always, Always, Never, Never, Never],
        [ServerPermission.AppointAuditors] = [Always, Never, Never, Never, Never],
        [ServerPermission.TakeRoles] = [Always, Never, Never, Never, Never],
        [ServerPermission.ManageBots] = [Always, Always, Never, Never, Never],
    };

    public static Grant Of(Permission permission, Standing standing) => Room[permission][(int)standing];

    public static Grant Of(ServerPermission permission, Accounts.ServerRole role) => Server[permission][(int)role];
}
