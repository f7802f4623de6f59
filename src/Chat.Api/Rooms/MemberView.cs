using Chat.Api.Accounts;
using Chat.Domain.Rooms;
using Chat.Projections.Rooms;

namespace Chat.Api.Rooms;

public sealed record Member([property: GraphQLIgnore] MemberRow Row)
{
    public RoomRole Role => Row.Role;

    public DateTimeOffset JoinedAt => Row.JoinedAt;
}

public sealed record MemberConnection(IReadOnlyList<Member> Nodes, PageInfo PageInfo, int TotalCount);

[ObjectType<Member>]
internal static class MemberType
{
    public static Task<User> UserAsync([Parent] Member member, AccountLoader accounts, CancellationToken ct) =>
        accounts.UserAsync(member.Row.AccountId, ct);

    public static DateTimeOffset? MutedUntil([Parent] Member member, TimeProvider clock) =>
        Mutes.At(member.Row, clock);
}

[GraphQLDescription("What the viewer is in a room.")]
public sealed record Membership(RoomView Room, [property: GraphQLIgnore] MemberRow Row)
{
    public RoomRole Role => Row.Role;
}

[ObjectType<Membership>]
internal static class MembershipType
{
    public static async Task<long> LastReadPositionAsync(
        [Parent] Membership membership, UnreadLoader unread, CancellationToken ct) =>
        (await UnreadAsync(membership, unread, ct)).LastRead;

    public static async Task<int> UnreadCountAsync(
        [Parent] Membership membership, UnreadLoader unread, CancellationToken ct) =>
        (await UnreadAsync(membership, unread, ct)).Unread;

    public static async Task<int> MentionCountAsync(
        [Parent] Membership membership, UnreadLoader unread, CancellationToken ct) =>
        (await UnreadAsync(membership, unread, ct)).Mentions;

    public static async Task<NotifyLevel> NotifyAsync(
        [Parent] Membership membership, UnreadLoader unread, CancellationToken ct) =>
        (await UnreadAsync(membership, unread, ct)).Notify;

    public static DateTimeOffset? MutedUntil([Parent] Membership membership, TimeProvider clock) =>
        Mutes.At(membership.Row, clock);

    private static async Task<UnreadRow> UnreadAsync(
        Membership membership, UnreadLoader unread, CancellationToken ct) =>
        (await unread.LoadAsync((membership.Row.AccountId, membership.Row.RoomId), ct))!;
}

internal static class Mutes
{
    /// <summary>Until when somebody is muted now; what is over is not said.</summary>
    public static DateTimeOffset? At(MemberRow member, TimeProvider clock) =>
        member.MutedUntil > clock.GetUtcNow() ? member.MutedUntil : null;
}
