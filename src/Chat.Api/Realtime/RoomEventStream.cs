using System.Runtime.CompilerServices;
using Chat.Api.Accounts;
using Chat.Api.Rooms;
using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.EventStore;
using Chat.Projections;
using Chat.Projections.Rooms;

namespace Chat.Api.Realtime;

/// <summary>
/// A room's events after a position: first from the log, then live, each exactly once and in order. The watcher's next
/// position decides everything: an event comes from the feed's window where it is there, from the log where it is not.
/// </summary>
internal sealed class RoomEventStream(
    EventLog log, RoomFeeds feeds, ReadModelsFollower readModels, SnapshotSource snapshots)
{
    /// <summary>Events that are taken from the log together.</summary>
    public const int PageMax = 1_000;

    /// <summary>The size of a page in bytes of the log; the event that exceeds it ends the page.</summary>
    public const int PageBytesMax = 1024 * 1024;

    public async IAsyncEnumerable<EventPage<object>> ReadAsync(
        Guid roomId, Caller caller, long? after, [EnumeratorCancellation] CancellationToken ct)
    {
        await readModels.Started.WaitAsync(ct);
        // The watch begins before the head is read: what is projected later is published, what was projected earlier is
        // in the head.
        using var watch = feeds.Watch(roomId, ct);
        var feed = watch.Feed;
        var admission = await AdmitAsync(roomId, await ActorAsync(caller, ct), after, ct);
        feed.MoveTo(admission.Head);

        for (var next = Math.Max(after ?? admission.Head, admission.Floor) + 1; next <= admission.Last;)
        {
            var readable = Math.Min(feed.Head, admission.Last);
            if (next > readable)
            {
                await watch.ReachesAsync(next);
            }
            else if (feed.At(next) is { } live)
            {
                if (!await MayGoOnAsync(admission, roomId, caller, ct))
                    yield break;
                yield return admission.IsOver ? new EventPage<object>(new PastEvent(live)) : feed.PageOf(live);
                next++;
                if (admission.EndsWith(live))
                    yield break;
            }
            else
            {
                if (!await MayGoOnAsync(admission, roomId, caller, ct))
                    yield break;
                var page = new List<object>();
                var bytes = 0;
                await foreach (var stored in log.ReadStreamAsync(roomId, next, readable, ct))
                {
                    page.Add(admission.Shown(stored));
                    bytes += stored.Bytes;
                    next = stored.Version + 1;
                    var isEnd = admission.EndsWith(stored);
                    if (page.Count < PageMax && bytes < PageBytesMax && next <= readable && !isEnd)
                        continue;
                    yield return new EventPage<object>(page);
                    if (isEnd || !await MayGoOnAsync(admission, roomId, caller, ct))
                        yield break;
                    (page, bytes) = ([], 0);
                }

                if (next <= readable)
                    throw new InvalidOperationException(
                        $"Room {roomId} shows position {readable}, but its log has no {next}.");
            }
        }
    }

    private static async Task<Actor> ActorAsync(Caller caller, CancellationToken ct) =>
        (await caller.RequireSessionAsync(ct)).Account.Actor;

    // A member is in until an event says otherwise. Whom the server lets in has no such event: they are asked again.
    private async Task<bool> MayGoOnAsync(Admission admission, Guid roomId, Caller caller, CancellationToken ct)
    {
        if (admission.JoinedAt is not null)
            return true;
        if (await caller.SessionAsync(ct) is not { } session)
            return false;
        await using var snapshot = new ReadSnapshot(snapshots);
        return await new RoomAccess(snapshot).FindAsync(roomId, session.Account.Actor, ct) is { MayRead: true };
    }

    private async Task<Admission> AdmitAsync(Guid roomId, Actor actor, long? after, CancellationToken ct)
    {
        if (after < 0)
            throw Invalid("after must not be negative.");
        await using var snapshot = new ReadSnapshot(snapshots);
        var room = await new RoomAccess(snapshot).FindAsync(roomId, actor, ct);
        // Who was put out while they were away is told of what they have missed, and that, whatever they may see else.
        if (room?.Membership is null
            && await new MemberReader(snapshot).FormerAsync(actor.Id, roomId, ct) is { } former
            && after < former.LeftPosition)
        {
            return new Admission(actor.Id, former.LeftPosition, former.Floor, former.JoinedPosition)
            {
                LeftAt = former.LeftPosition,
            };
        }

        if (room is not { MayRead: true })
            throw Refused(room?.Rules.Refuse(Permission.Read, actor, default) ?? Refusal.NotFound);

        // The read models may be behind what this client has already seen elsewhere; the log is not.
        var head = room.Room.Position;
        if (after > head && (await log.FetchStreamStateAsync(roomId, ct))?.Version < after)
            throw Invalid("after lies beyond the room's newest event.");
        return new Admission(actor.Id, head, room.Floor, room.Membership?.JoinedPosition);
    }

    private static GraphQLException Refused(Refusal refusal) => new(refusal.Message, refusal.Code);

    private static GraphQLException Invalid(string message) =>
        new(message, "INVALID_INPUT", new Dictionary<string, object?>(StringComparer.Ordinal) { ["field"] = "after" });

    /// <summary>What a watcher may be told of.</summary>
    /// <param name="Head">The room's position when they came.</param>
    /// <param name="Floor">The last position that they do not see.</param>
    /// <param name="JoinedAt">Null for those whom the server lets in without a membership.</param>
    private sealed record Admission(Guid AccountId, long Head, long Floor, long? JoinedAt)
    {
        /// <summary>The end of a stay that is over.</summary>
        public long? LeftAt { get; init; }

        public long Last => LeftAt ?? long.MaxValue - 1;

        public bool IsOver => LeftAt is not null;

        public object Shown(StoredEvent stored) => IsOver ? new PastEvent(stored) : stored;

        // A removal from before this membership is history; a later one ends it.
        public bool EndsWith(StoredEvent stored) =>
            JoinedAt < stored.Version && Departure.Of(stored) == AccountId;
    }
}
