using Chat.Api.Accounts;
using Chat.Projections.Rooms;

namespace Chat.Api.Messages;

[ObjectType<Viewer>]
internal static class ViewerUnread
{
    [GraphQLDescription("Unread messages in all rooms of the viewer.")]
    public static async Task<int> UnreadTotalAsync(
        [Parent] Viewer viewer, UnreadTotalLoader totals, CancellationToken ct) =>
        (await totals.LoadAsync(viewer.Id, ct)).Unread;

    [GraphQLDescription("Those of them that mention the viewer, or everybody.")]
    public static async Task<int> MentionTotalAsync(
        [Parent] Viewer viewer, UnreadTotalLoader totals, CancellationToken ct) =>
        (await totals.LoadAsync(viewer.Id, ct)).Mentions;
}

/// <summary>Both totals of an account come from one query.</summary>
internal sealed class UnreadTotalLoader(UnreadReader unread) : BatchDataLoader<Guid, (int Unread, int Mentions)>
{
    protected override async Task<IReadOnlyDictionary<Guid, (int Unread, int Mentions)>> LoadBatchAsync(
        IReadOnlyList<Guid> keys, CancellationToken ct)
    {
        // An operation has one viewer.
        var totals = new Dictionary<Guid, (int, int)>();
        foreach (var accountId in keys)
            totals[accountId] = await unread.TotalAsync(accountId, ct);
        return totals;
    }
}
