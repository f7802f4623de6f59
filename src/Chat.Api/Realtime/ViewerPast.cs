using Chat.Domain.Rooms;
using Chat.EventStore;
using Chat.Projections;
using Chat.Projections.Rooms;

namespace Chat.Api.Realtime;

/// <summary>
/// Chooses from the log's pages, in their order, what concerned an account at the time: in its stays, above its floors.
/// </summary>
/// <param name="through">The place in the log up to which the stays are known.</param>
internal sealed class ViewerPast(Guid accountId, long through, List<StayRow> stays, SnapshotSource snapshots)
{
    private readonly ILookup<Guid, StayRow> _stays = stays.ToLookup(stay => stay.RoomId);
    private readonly HashSet<Guid> _invitations = [];

    public long Through { get; } = through;

    public async Task<IReadOnlyList<object>> ChooseAsync(IReadOnlyList<StoredEvent> page, CancellationToken ct)
    {
        var shown = await ShownAsync(page, ct);
        var chosen = new List<object>();
        foreach (var stored in page)
        {
            if (stored.Sequence > Through)
                break;
            if (ViewerConcern.Changed(stored) is { } person ? shown.Contains(person) : IsInRoom(stored))
                chosen.Add(IsOver(stored.StreamId) ? new PastEvent(stored) : stored);
        }

        return chosen;
    }

    private bool IsInRoom(StoredEvent stored)
    {
        foreach (var stay in _stays[stored.StreamId])
        {
            if (stay.JoinedSequence <= stored.Sequence && !(stay.LeftSequence < stored.Sequence))
                return stored.Version > stay.Floor;
        }

        if (ViewerConcern.Invitee(stored) == accountId)
            return _invitations.Add(stored.StreamId);
        // Who is put out without being in was invited. A ban may also meet somebody who does not know of the room.
        return ViewerConcern.Leaver(stored) == accountId
            && (_invitations.Remove(stored.StreamId) || stored.DataOrNull() is not MemberBanned);
    }

    // Who has come back sees the room as members do: their floor is that of now.
    private bool IsOver(Guid roomId)
    {
        var own = _stays[roomId];
        return own.Any() && own.All(stay => stay.LeftSequence is not null);
    }

    // People who are shown differently, and were ever in a room with the account; and itself.
    private async Task<HashSet<Guid>> ShownAsync(IReadOnlyList<StoredEvent> page, CancellationToken ct)
    {
        Guid[] changed = [.. page.Select(ViewerConcern.Changed).OfType<Guid>().Distinct()];
        if (changed.Length == 0)
            return [];
        await using var snapshot = new ReadSnapshot(snapshots);
        return [.. await new StayReader(snapshot).EverSharedAsync(accountId, changed, ct), accountId];
    }
}
