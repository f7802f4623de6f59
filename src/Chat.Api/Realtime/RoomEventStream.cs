using System.Runtime.CompilerServices;
using Chat.Api.Rooms;
using Chat.Domain;
using Chat.Domain.Rooms;
using Chat.EventStore;
using Chat.Projections;

namespace Chat.Api.Realtime;

/// <summary>
/// A room's events after a position: first from the log, then live, each exactly once and in order. The watcher's next
/// position decides everything: an event comes from the feed's window where it is there, from the log where it is not.
/// </summary>
internal sealed class RoomEventStream(
    EventLog log, RoomFeeds feeds, ReadModelsFollower readModels, SnapshotSource snapshots)
{
    public async IAsyncEnumerable<StoredEvent> ReadAsync(
        Guid roomId, Guid accountId, long? after, [EnumeratorCancellation] CancellationToken ct)
    {
        await readModels.Started.WaitAsync(ct);
        // The watch begins before the head is read: what is projected later is published, what was projected earlier is
        // in the head.
        using var watch = feeds.Watch(roomId);
        var feed = watch.Feed;
        var (head, joinedAt) = await AdmitAsync(roomId, accountId, after, ct);
        feed.MoveTo(head);

        for (var next = (after ?? head) + 1; ;)
        {
            var moved = feed.Moved;
            var readable = feed.Head;
            if (next > readable)
            {
                await moved.WaitAsync(ct);
            }
            else if (feed.At(next) is { } live)
            {
                yield return live;
                next++;
                if (EndsFor(live, accountId, joinedAt))
                    yield break;
            }
            else
            {
                var before = next;
                await foreach (var stored in log.ReadStreamAsync(roomId, next, readable, ct))
                {
                    yield return stored;
                    next = stored.Version + 1;
                    if (EndsFor(stored, accountId, joinedAt))
                        yield break;
                }

                if (next == before)
                    throw new InvalidOperationException(
                        $"Room {roomId} shows position {readable}, but its log has no {next}.");
            }
        }
    }

    private async Task<(long Head, long JoinedAt)> AdmitAsync(
        Guid roomId, Guid accountId, long? after, CancellationToken ct)
    {
        await using var snapshot = new ReadSnapshot(snapshots);
        var access = await new RoomAccess(snapshot).FindAsync(roomId, accountId, ct) ?? throw Refused(Refusal.NotFound);
        if (access.Membership is null)
            throw Refused(Room.NotMember);
        if (after < 0)
            throw Invalid("after must not be negative.");
        // The read models may be behind what this client has already seen elsewhere; the log is not.
        if (after > access.Room.Position && (await log.FetchStreamStateAsync(roomId, ct))?.Version < after)
            throw Invalid("after lies beyond the room's newest event.");
        return (access.Room.Position, access.Membership.JoinedPosition);
    }

    // A leave from before today's membership is history; a later one ends it.
    private static bool EndsFor(StoredEvent stored, Guid accountId, long joinedAt) =>
        stored.Data is MemberLeft left && left.MemberId == accountId && stored.Version > joinedAt;

    private static GraphQLException Refused(Refusal refusal) => new(refusal.Message, refusal.Code);

    private static GraphQLException Invalid(string message) =>
        new(message, "INVALID_INPUT", new Dictionary<string, object?>(StringComparer.Ordinal) { ["field"] = "after" });
}
