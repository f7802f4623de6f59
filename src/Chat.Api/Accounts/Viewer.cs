using Chat.Api.Rooms;
using Chat.Domain.Accounts;
using Chat.Projections;
using Chat.Projections.Rooms;

namespace Chat.Api.Accounts;

[GraphQLDescription("The person who asks, with what only they may see.")]
public sealed record Viewer([property: GraphQLIgnore] Guid Id, string? Email, ServerRole Role);

[ObjectType<Viewer>]
internal static class ViewerType
{
    /// <summary>Memberships in one answer; the room list is paged.</summary>
    public const int MembershipsMax = 1000;

    public static Task<User> UserAsync([Parent] Viewer viewer, AccountLoader accounts, CancellationToken ct) =>
        accounts.UserAsync(viewer.Id, ct);

    [GraphQLDescription("The position in the whole log that this answer reflects.")]
    public static Task<long> CursorAsync(LogPosition position, CancellationToken ct) => position.ReadAsync(ct);

    public static async Task<IReadOnlyList<Membership>> MembershipsAsync(
        [Parent] Viewer viewer, MemberReader members, RoomLoader rooms, CancellationToken ct)
    {
        var rows = await members.OfAccountAsync(viewer.Id, MembershipsMax, ct);
        return await Task.WhenAll(rows.Select(async row =>
            new Membership((await rooms.LoadAsync(row.RoomId, ct))!, row)));
    }
}

[QueryType]
internal static class ViewerQuery
{
    [GraphQLDescription("Who is signed in; null when nobody is.")]
    public static async Task<Viewer?> ViewerAsync(
        [GlobalState] Caller caller, AccountLoader accounts, CancellationToken ct) =>
        await caller.SessionAsync(ct) is { } session ? await accounts.ViewerAsync(session.Account.Id, ct) : null;
}
