using Chat.Domain.Accounts;
using static Chat.Domain.Tests.Markdown;

namespace Chat.Domain.Tests.Permissions;

/// <summary>docs/permissions.md is the table of the code, in words.</summary>
public sealed class PermissionTableTests
{
    [Fact]
    public void The_document_shows_the_table() => ShouldBeAsWritten(Document(), "docs/permissions.md");

    [Fact]
    public void Every_cell_is_filled()
    {
        foreach (var permission in Enum.GetValues<Permission>())
        {
            foreach (var standing in Enum.GetValues<Standing>())
                Enum.IsDefined(Domain.Permissions.Of(permission, standing)).ShouldBeTrue();
        }

        foreach (var permission in Enum.GetValues<ServerPermission>())
        {
            foreach (var role in Enum.GetValues<ServerRole>())
                Enum.IsDefined(Domain.Permissions.Of(permission, role)).ShouldBeTrue();
        }
    }

    private static string Document() =>
        $"""
        # Permissions

        Generated from `src/Chat.Domain/Permissions.cs`, which every decision asks; `PermissionCellTests` try each cell.

        ## In a room

        The last column comes on top of what somebody is in the room: it holds for the server's OWNER and ADMIN, in
        PUBLIC rooms. Who moderates, bans or gives roles does so to lower roles only; who is not in the room is lower
        than all who are, and the server's OWNER and ADMIN are higher. A room's owner cannot be put out. Guests whose
        role is above MEMBER (they made the room, or inherited it where only guests were left) count by their role;
        they invite whom they share a room with, as they know of nobody else. In DIRECT conversations both are MEMBER,
        and both may pin.

        {Table(RoomHeader(), Enum.GetValues<Permission>(), RoomRow)}

        ## On the server

        {Table(ServerHeader(), Enum.GetValues<ServerPermission>(), ServerRow)}

        """.ReplaceLineEndings("\n");

    private static string Table<T>(string[] header, T[] rows, Func<T, IEnumerable<string>> cells) => string.Join(
        '\n', [Row(header), Row(header.Select(_ => "---")), .. rows.Select(row => Row(cells(row)))]);

    private static string[] RoomHeader() => ["may", .. Enum.GetValues<Standing>().Select(In)];

    private static string[] ServerHeader() =>
        ["may", .. Enum.GetValues<ServerRole>().Select(role => role.ToString().ToUpperInvariant())];

    private static IEnumerable<string> RoomRow(Permission permission) =>
        [In(permission), .. Enum.GetValues<Standing>().Select(one => In(Domain.Permissions.Of(permission, one)))];

    private static IEnumerable<string> ServerRow(ServerPermission permission) =>
        [In(permission), .. Enum.GetValues<ServerRole>().Select(one => In(Domain.Permissions.Of(permission, one)))];

    private static string In(Standing standing) => standing switch
    {
        Standing.GuestMember => "guest member",
        Standing.Stranger => "signed-in stranger",
        Standing.ServerAdmin => "server's OWNER, ADMIN",
        _ => standing.ToString().ToUpperInvariant(),
    };

    private static string In(Permission permission) => permission switch
    {
        Permission.SeePublicRoom => "see that a PUBLIC room exists, its name, topic, member count",
        Permission.SeeHiddenRoom => "see that a PRIVATE or DIRECT room exists",
        Permission.Read => "read messages, members, pins, events (from the floor on), report messages",
        Permission.SeeActivity => "see `activity`, reports",
        Permission.Post => "post, react, reply, edit and delete own (24 h)",
        Permission.Moderate => "delete others' messages, mute, kick (only lower roles)",
        Permission.MentionRoom => "mention everybody (`@room`)",
        Permission.Pin => "pin",
        Permission.Invite => "invite, make invite links",
        Permission.Ban => "ban, unban (only lower roles)",
        Permission.ChangeRoom => "change name, topic, settings, archive",
        Permission.SetRoles => "give and take roles below one's own",
        Permission.HandOver => "hand over ownership",
        _ => throw new ArgumentOutOfRangeException(nameof(permission)),
    };

    private static string In(ServerPermission permission) => permission switch
    {
        ServerPermission.CreateRooms => "create rooms, open direct conversations",
        ServerPermission.ModeratePublicRooms => "moderate PUBLIC rooms",
        ServerPermission.SeeReports => "see reports of all rooms",
        ServerPermission.AppointAdmins => "appoint ADMIN",
        ServerPermission.AppointAuditors => "appoint AUDITOR",
        ServerPermission.TakeRoles => "take ADMIN and AUDITOR",
        ServerPermission.ManageBots => "create and revoke bots",
        _ => throw new ArgumentOutOfRangeException(nameof(permission)),
    };

    private static string In(Grant grant) => grant switch
    {
        Grant.Never => "n",
        Grant.Always => "y",
        Grant.UnlessMuted => "y, unless muted",
        Grant.WhenInvited => "only when invited",
        Grant.WhereGuestsCanPost => "where guestsCanPost, unless muted",
        Grant.WhereMembersCanPin => "where membersCanPin",
        Grant.WhereMembersCanInvite => "where membersCanInvite",
        Grant.WhereGuestsCreateRooms => "where the server lets guests create rooms",
        _ => throw new ArgumentOutOfRangeException(nameof(grant)),
    };
}
