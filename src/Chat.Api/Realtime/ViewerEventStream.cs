using System.Runtime.CompilerServices;
using Chat.EventStore;
using Chat.Projections;
using Chat.Projections.Rooms;

namespace Chat.Api.Realtime;

/// <summary>
/// Everything that concerns an account after a place in the whole log, each event once and in order. Who is behind
/// reads the log in pages that all who are behind share, and takes from them what happened in the rooms they were in
/// at the time; who has caught up is handed what the router sends.
/// </summary>
internal sealed class ViewerEventStream(
    EventLog log, ViewerFeeds feeds, ReadModelsFollower readModels, SnapshotSource snapshots)
{
    public async IAsyncEnumerable<EventPage<object>> ReadAsync(
        Guid accountId, long? after, [EnumeratorCancellation] CancellationToken ct)
    {
        PageArguments.CheckPosition("after", after);
        await readModels.Started.WaitAsync(ct);
        using var watch = await feeds.WatchAsync(accountId, ct);
        var feed = watch.Feed;
        var markersSeen = feed.MarkersEver;
        var position = after ?? await feed.Loaded.Task;
        if (position > await feed.Loaded.Task && position > await HeadAsync(ct))
            throw PageArguments.Invalid("after", "lies beyond the newest event");

        while (true)
        {
            var (next, moved) = feed.After(position, ref markersSeen);
            if (next is not null)
            {
                position = (next as StoredEvent)?.Sequence ?? position;
                yield return new EventPage<object>(
                    next is ReadMarkerMoved marker ? new ViewerEvent(position, marker) : next);
            }
            else if (moved is not null)
            {
                await moved.WaitAsync(ct);
            }
            else
            {
                var past = await PastAsync(accountId, position, ct);
                await foreach (var page in log.Tail.FollowAsync(position, ct))
                {
                    if (await past.ChooseAsync(page, ct) is { Count: > 0 } chosen)
                        yield return new EventPage<object>(chosen);
                    position = Math.Min(page[^1].Sequence, past.Through);
                    if (position == past.Through)
                        break;
                }
            }
        }
    }

    private async Task<ViewerPast> PastAsync(Guid accountId, long position, CancellationToken ct)
    {
        await using var snapshot = new ReadSnapshot(snapshots);
        var through = await new LogPosition(snapshot).ReadAsync(ct);
        var stays = await new StayReader(snapshot).OfAccountAsync(accountId, position, ct);
        return new ViewerPast(accountId, through, stays, snapshots);
    }

    // What another node has shown already, this one may not have yet.
    private async Task<long> HeadAsync(CancellationToken ct)
    {
        await using var snapshot = new ReadSnapshot(snapshots);
        return await new LogPosition(snapshot).ReadAsync(ct);
    }
}
