using Chat.Domain.Accounts;
using Chat.Projections.Rooms;

namespace Chat.Api.Rooms;

internal sealed class RoomLoader(RoomReader rooms) : BatchDataLoader<Guid, RoomView>
{
    protected override async Task<IReadOnlyDictionary<Guid, RoomView>> LoadBatchAsync(
        IReadOnlyList<Guid> keys, CancellationToken ct) =>
        (await rooms.FindAsync(keys, ct)).ToDictionary(room => room.Id, RoomView.From);
}

/// <summary>A room as far as somebody may know of it; null where they may not.</summary>
internal sealed class RoomAccessLoader(RoomAccess access) : BatchDataLoader<(Actor Actor, Guid RoomId), AccessibleRoom>
{
    protected override async Task<IReadOnlyDictionary<(Actor Actor, Guid RoomId), AccessibleRoom>> LoadBatchAsync(
        IReadOnlyList<(Actor Actor, Guid RoomId)> keys, CancellationToken ct)
    {
        var found = new Dictionary<(Actor, Guid), AccessibleRoom>();
        foreach (var one in keys.GroupBy(key => key.Actor, key => key.RoomId))
        {
            foreach (var room in await access.FindAsync([.. one], one.Key, ct))
                found[(one.Key, room.Room.Id)] = room;
        }

        return found;
    }
}

/// <summary>What one account has not read in a room that it is a member of.</summary>
internal sealed class UnreadLoader(UnreadReader unread) : BatchDataLoader<(Guid AccountId, Guid RoomId), UnreadRow>
{
    protected override async Task<IReadOnlyDictionary<(Guid AccountId, Guid RoomId), UnreadRow>> LoadBatchAsync(
        IReadOnlyList<(Guid AccountId, Guid RoomId)> keys, CancellationToken ct)
    {
        var found = new Dictionary<(Guid, Guid), UnreadRow>();
        foreach (var account in keys.GroupBy(key => key.AccountId, key => key.RoomId))
        {
            foreach (var row in await unread.OfAccountAsync(account.Key, [.. account], ct))
                found[(account.Key, row.RoomId)] = row;
        }

        return found;
    }
}
