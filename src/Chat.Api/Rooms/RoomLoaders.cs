using Chat.Projections.Rooms;

namespace Chat.Api.Rooms;

internal sealed class RoomLoader(RoomReader rooms) : BatchDataLoader<Guid, RoomView>
{
    protected override async Task<IReadOnlyDictionary<Guid, RoomView>> LoadBatchAsync(
        IReadOnlyList<Guid> keys, CancellationToken ct) =>
        (await rooms.FindAsync(keys, ct)).ToDictionary(room => room.Id, RoomView.From);
}

/// <summary>One account's membership in a room.</summary>
internal sealed class MembershipLoader(MemberReader members) : BatchDataLoader<(Guid AccountId, Guid RoomId), MemberRow>
{
    protected override async Task<IReadOnlyDictionary<(Guid AccountId, Guid RoomId), MemberRow>> LoadBatchAsync(
        IReadOnlyList<(Guid AccountId, Guid RoomId)> keys, CancellationToken ct)
    {
        var found = new Dictionary<(Guid, Guid), MemberRow>();
        foreach (var account in keys.GroupBy(key => key.AccountId, key => key.RoomId))
        {
            foreach (var row in await members.OfAccountAsync(account.Key, [.. account], ct))
                found[(row.AccountId, row.RoomId)] = row;
        }

        return found;
    }
}
