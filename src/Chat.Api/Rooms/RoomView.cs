using Chat.Api.Accounts;
using Chat.Api.Messages;
using Chat.Domain.Rooms;
using Chat.Projections.Messages;
using Chat.Projections.Rooms;

namespace Chat.Api.Rooms;

[GraphQLName("Room")]
public sealed record RoomView(
    Guid Id, RoomKind Kind, string Name, string Topic, RoomVisibility Visibility, bool Encrypted, bool Archived,
    DateTimeOffset CreatedAt,
    [property: GraphQLDescription("The version of the room's event stream that this whole answer reflects.")]
    long Position,
    int MemberCount)
{
    public static RoomView From(RoomRow row) => new(
        row.Id, row.Kind, row.Name, row.Topic, row.Visibility, row.Encrypted, row.Archived, row.CreatedAt,
        row.Position, row.MemberCount);
}

public sealed record Membership(RoomView Room, RoomRole Role);

public sealed record Member([property: GraphQLIgnore] Guid AccountId, RoomRole Role, DateTimeOffset JoinedAt);

public sealed record MemberConnection(IReadOnlyList<Member> Nodes, PageInfo PageInfo, int TotalCount);

[ObjectType<Member>]
internal static class MemberType
{
    public static Task<User> UserAsync([Parent] Member member, AccountLoader accounts, CancellationToken ct) =>
        accounts.UserAsync(member.AccountId, ct);
}

[ObjectType<RoomView>]
internal static class RoomType
{
    [GraphQLDescription("Null when the viewer is not a member.")]
    public static async Task<Membership?> ViewerMembershipAsync(
        [Parent] RoomView room, [GlobalState] Caller caller, MembershipLoader memberships, CancellationToken ct) =>
        await RoleAsync(room, caller, memberships, ct) is { } role ? new Membership(room, role) : null;

    [GraphQLDescription("For members; null for a viewer who sees a public room from outside.")]
    public static async Task<MemberConnection?> MembersAsync(
        [Parent] RoomView room, [GlobalState] Caller caller, MembershipLoader memberships, MemberReader members,
        CancellationToken ct, int? first = PageArguments.DefaultSize, string? after = null)
    {
        PageArguments.CheckSize("first", first);
        var start = after is null ? 0 : Cursor.DecodePosition("after", after);
        if (await RoleAsync(room, caller, memberships, ct) is null)
            return null;
        var page = await members.PageAsync(room.Id, first ?? PageArguments.DefaultSize, start, ct);
        return new MemberConnection(
            [.. page.Items.Select(row => new Member(row.AccountId, row.Role, row.JoinedAt))],
            PageInfo.Of(page, row => Cursor.EncodePosition(row.JoinedPosition)),
            room.MemberCount);
    }

    [GraphQLDescription(
        "For members; neither first nor last: the newest 50. Ascending inside a page; cursors are positions.")]
    [ListSize(AssumedSize = PageArguments.DefaultSize)]
    public static async Task<MessageConnection?> MessagesAsync(
        [Parent] RoomView room, [GlobalState] Caller caller, MembershipLoader memberships, MessageReader messages,
        CancellationToken ct, int? first = null, int? last = null, long? after = null, long? before = null)
    {
        if (first is not null && last is not null)
            throw PageArguments.Invalid("last", "give first or last, not both");
        PageArguments.CheckSize("first", first);
        PageArguments.CheckSize("last", last);
        PageArguments.CheckPosition("after", after);
        PageArguments.CheckPosition("before", before);
        if (await RoleAsync(room, caller, memberships, ct) is null)
            return null;
        var page = await messages.PageAsync(
            room.Id, first ?? last ?? PageArguments.DefaultSize, fromEnd: first is null, after, before, ct);
        return new MessageConnection(
            [.. page.Items.Select(MessageView.From)], PageInfo.Of(page, row => Cursor.EncodePosition(row.Position)));
    }

    private static async Task<RoomRole?> RoleAsync(
        RoomView room, Caller caller, MembershipLoader memberships, CancellationToken ct) =>
        await caller.SessionAsync(ct) is { } session
            ? (await memberships.LoadAsync((session.Account.Id, room.Id), ct))?.Role
            : null;
}
