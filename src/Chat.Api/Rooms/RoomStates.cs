using Chat.Domain;
using Chat.Domain.Rooms;
using Chat.EventStore;
using Chat.Projections;
using Chat.Projections.Rooms;
using Microsoft.Extensions.Caching.Memory;

namespace Chat.Api.Rooms;

/// <summary>A room as decisions see it, and the version of its stream up to which that is so.</summary>
internal sealed record RoomState(Room Room, long Version);

/// <summary>
/// The state that decisions rest on, cached per node. It comes from the read models, is brought forward by the log's
/// events after them, and follows the log. A stale one does no harm: the append's condition notices, and a refusal is
/// decided again on a fresh one.
/// </summary>
internal sealed class RoomStates(EventLog log, SnapshotSource snapshots) : IDisposable
{
    /// <summary>Rooms, and people in what state ever, counted together.</summary>
    public const int CachedMax = 500_000;

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = CachedMax });

    public async Task<(RoomState? State, bool Fresh)> LoadAsync(Guid roomId, CancellationToken ct) =>
        _cache.TryGetValue(roomId, out RoomState? cached) ? (cached, false) : (await FreshAsync(roomId, ct), true);

    /// <summary>The room as the log has it at this moment.</summary>
    public async Task<RoomState?> FreshAsync(Guid roomId, CancellationToken ct)
    {
        var state = _cache.Get<RoomState>(roomId) ?? await FromReadModelsAsync(roomId, ct);
        await foreach (var stored in log.ReadStreamAsync(roomId, (state?.Version ?? 0) + 1, cancellationToken: ct))
        {
            // The id of another stream, an account's, is no room.
            if (stored.Data is not RoomEvent)
                return null;
            state = Next(state, stored);
        }

        if (state is not null)
            Keep(roomId, state);
        return state;
    }

    /// <summary>Remembers a state; an older one never replaces a newer one.</summary>
    public void Keep(Guid roomId, RoomState state)
    {
        lock (_cache)
        {
            if (_cache.Get<RoomState>(roomId) is { } cached && cached.Version >= state.Version)
                return;
            _cache.Set(roomId, state, new MemoryCacheEntryOptions { Size = SizeOf(state.Room) });
        }
    }

    /// <summary>
    /// Brings cached rooms forward by the log's next page. One that missed something is loaded again when it is needed.
    /// </summary>
    public void Follow(IReadOnlyList<StoredEvent> page)
    {
        foreach (var stored in page)
        {
            if (!_cache.TryGetValue(stored.StreamId, out RoomState? state) || stored.Version <= state!.Version)
                continue;
            if (stored.Version == state.Version + 1)
                Keep(stored.StreamId, Next(state, stored));
            else
                _cache.Remove(stored.StreamId);
        }
    }

    public void Dispose() => _cache.Dispose();

    private async Task<RoomState?> FromReadModelsAsync(Guid roomId, CancellationToken ct)
    {
        await using var snapshot = new ReadSnapshot(snapshots);
        return await new RoomStateReader(snapshot).FindAsync(roomId, ct) is var (room, position)
            ? new RoomState(room, position)
            : null;
    }

    private static int SizeOf(Room room) =>
        1 + room.Members.Count + room.Invited.Count + room.Banned.Count + room.MutedUntil.Count + room.SlowPosts.Count;

    private static RoomState Next(RoomState? state, StoredEvent stored) =>
        new(
            Room.Evolve(state?.Room, (RoomEvent)stored.Data, new Moment(stored.Version, stored.Timestamp)),
            stored.Version);
}
