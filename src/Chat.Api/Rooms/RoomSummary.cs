using Chat.Api.Accounts;
using Chat.Projections.Rooms;

namespace Chat.Api.Rooms;

[GraphQLDescription("What is known of a room before one is in it.")]
public sealed record RoomSummary(Guid Id, string Name, string Topic, int MemberCount, bool Encrypted)
{
    public static RoomSummary From(RoomView room) =>
        new(room.Id, room.Name, room.Topic, room.MemberCount, room.Encrypted);
}

public sealed record Invitation(
    [property: GraphQLIgnore] Guid RoomId, [property: GraphQLIgnore] Guid InviterId, DateTimeOffset At);

[ObjectType<Invitation>]
internal static class InvitationType
{
    public static async Task<RoomSummary> RoomAsync(
        [Parent] Invitation invitation, RoomLoader rooms, CancellationToken ct) =>
        RoomSummary.From((await rooms.LoadAsync(invitation.RoomId, ct))!);

    public static Task<User> InvitedByAsync(
        [Parent] Invitation invitation, AccountLoader accounts, CancellationToken ct) =>
        accounts.UserAsync(invitation.InviterId, ct);
}

[ObjectType<Viewer>]
internal static class ViewerInvitations
{
    /// <summary>Invitations in one answer, the newest.</summary>
    public const int InvitationsMax = 1000;

    [GraphQLDescription("Open invitations, newest first.")]
    public static async Task<IReadOnlyList<Invitation>> InvitationsAsync(
        [Parent] Viewer viewer, InvitationReader invitations, CancellationToken ct) =>
    [
        .. (await invitations.OfAccountAsync(viewer.Id, InvitationsMax, ct))
            .Select(row => new Invitation(row.RoomId, row.InvitedBy, row.InvitedAt)),
    ];
}
