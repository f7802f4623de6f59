using Chat.Api.Accounts;
using Chat.Projections.Rooms;

namespace Chat.Api.Rooms;

internal sealed class RoomLoader(RoomReader rooms) : BatchDataLoader<Guid, RoomView>
{
    protected override async Task<IReadOnlyDictionary<Guid, RoomView>> LoadBatchAsync(
        IReadOnlyList<Guid> keys, CancellationToken ct) =>
        (await rooms.FindAsync(keys, ct)).ToDictionary(room => room.Id, RoomView.From);
}

/// <summary>A room as far as who asks may know of it; null where they may not.</summary>
internal sealed class RoomAccessLoader(RoomAccess access)
    : BatchDataLoader<(Caller Caller, Guid RoomId), AccessibleRoom>
{
    protected override async Task<IReadOnlyDictionary<(Caller Caller, Guid RoomId), AccessibleRoom>> LoadBatchAsync(
        IReadOnlyList<(Caller Caller, Guid RoomId)> keys, CancellationToken ct)
    {
        var actors = (await keys.Select(key => key.Caller).SessionsAsync(ct))
            .ToDictionary(one => one.Key, one => one.Value.Account.Actor);
        var asked = keys.Where(key => actors.ContainsKey(key.Caller)).ToList();
        var rooms = (await access.FindAsync(
            [.. asked.Select(key => (actors[key.Caller], key.RoomId)).Distinct()], ct))
            .ToDictionary(room => (room.Actor, room.Room.Id));
        return asked.Where(key => rooms.ContainsKey((actors[key.Caller], key.RoomId)))
            .ToDictionary(key => key, key => rooms[(actors[key.Caller], key.RoomId)]);
    }
}

/// <summary>What one account has not read in a room that it is a member of.</summary>
internal sealed class UnreadLoader(UnreadReader unread) : BatchDataLoader<(Guid AccountId, Guid RoomId), UnreadRow>
{
    protected override async Task<IReadOnlyDictionary<(Guid AccountId, Guid RoomId), UnreadRow>> LoadBatchAsync(
        IReadOnlyList<(Guid AccountId, Guid RoomId)> keys, CancellationToken ct) =>
        (await unread.OfMembersAsync(keys, ct)).ToDictionary(row => (row.AccountId, row.RoomId));
}
