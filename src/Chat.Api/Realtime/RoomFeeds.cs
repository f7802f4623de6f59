using System.Collections.Concurrent;
using Chat.EventStore;

namespace Chat.Api.Realtime;

/// <summary>The live ends of the rooms that somebody on this node watches.</summary>
internal sealed class RoomFeeds
{
    private readonly ConcurrentDictionary<Guid, RoomFeed> _feeds = new();

    /// <summary>A watched room's feed. It stays while anybody watches; dispose the watch at the end.</summary>
    public RoomWatch Watch(Guid roomId)
    {
        while (true)
        {
            var feed = _feeds.GetOrAdd(roomId, _ => new RoomFeed());
            if (feed.TryEnter())
                return new RoomWatch(feed, () => Leave(roomId, feed));
            // The last watcher is just leaving it: the next round makes a new one.
            _feeds.TryRemove(new KeyValuePair<Guid, RoomFeed>(roomId, feed));
        }
    }

    /// <summary>Whether nothing has happened after an event in its room, as far as somebody watches it here.</summary>
    public bool IsNewest(StoredEvent stored) =>
        _feeds.TryGetValue(stored.StreamId, out var feed) && feed.Head == stored.Version;

    public void Publish(IReadOnlyList<StoredEvent> page)
    {
        foreach (var stored in page)
        {
            if (_feeds.TryGetValue(stored.StreamId, out var feed))
                feed.Publish(stored);
        }
    }

    private void Leave(Guid roomId, RoomFeed feed)
    {
        if (feed.Leave())
            _feeds.TryRemove(new KeyValuePair<Guid, RoomFeed>(roomId, feed));
    }
}

/// <summary>Somebody's hold on a feed.</summary>
internal sealed class RoomWatch(RoomFeed feed, Action leave) : IDisposable
{
    public RoomFeed Feed { get; } = feed;

    public void Dispose() => leave();
}
