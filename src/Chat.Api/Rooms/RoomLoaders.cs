using Chat.Api.Accounts;
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
internal sealed class RoomAccessLoader(RoomAccess access, SessionLoader sessions)
    : BatchDataLoader<(Actor Actor, Guid RoomId), AccessibleRoom>
{
    /// <summary>A room as far as whoever asks may know of it.</summary>
    public async Task<AccessibleRoom?> OfAsync(Guid roomId, Caller caller, CancellationToken ct) =>
        await sessions.LoadAsync(caller, ct) is { } session
            ? await LoadAsync((session.Account.Actor, roomId), ct)
            : null;

    protected override async Task<IReadOnlyDictionary<(Actor Actor, Guid RoomId), AccessibleRoom>> LoadBatchAsync(
        IReadOnlyList<(Actor Actor, Guid RoomId)> keys, CancellationToken ct) =>
        (await access.FindAsync(keys, ct)).ToDictionary(room => (room.Actor, room.Room.Id));
}

/// <summary>What one account has not read in a room that it is a member of.</summary>
internal sealed class UnreadLoader(UnreadReader unread) : BatchDataLoader<(Guid AccountId, Guid RoomId), UnreadRow>
{
    protected override async Task<IReadOnlyDictionary<(Guid AccountId, Guid RoomId), UnreadRow>> LoadBatchAsync(
        IReadOnlyList<(Guid AccountId, Guid RoomId)> keys, CancellationToken ct) =>
        (await unread.OfMembersAsync(keys, ct)).ToDictionary(row => (row.AccountId, row.RoomId));
}
