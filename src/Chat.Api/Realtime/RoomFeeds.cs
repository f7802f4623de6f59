using System.Collections.Concurrent;
using Chat.Domain.Accounts;
using Chat.Domain.Messages;
using Chat.EventStore;

namespace Chat.Api.Realtime;

/// <summary>The live ends of the rooms that somebody on this node watches.</summary>
internal sealed class RoomFeeds
{
    private readonly ConcurrentDictionary<Guid, RoomFeed> _feeds = new();

    /// <summary>
    /// A watched room's feed. It stays while anybody watches; dispose the watch at the end. Waits of the watch end with
    /// the token.
    /// </summary>
    public RoomWatch Watch(Guid roomId, CancellationToken ct)
    {
        while (true)
        {
            var feed = _feeds.GetOrAdd(roomId, id => new RoomFeed(id));
            if (feed.TryEnter())
                return new RoomWatch(this, feed, ct);
            // The last watcher is just leaving it: the next round makes a new one.
            _feeds.TryRemove(new KeyValuePair<Guid, RoomFeed>(roomId, feed));
        }
    }

    /// <summary>
    /// Whether a message is known to be as it was posted; false also where nobody watches its room here, or much has
    /// happened there since.
    /// </summary>
    public bool IsAsPosted(StoredEvent stored, MessagePosted posted) =>
        _feeds.TryGetValue(stored.StreamId, out var feed) && feed.IsAsPosted(stored, posted);

    /// <summary>Hands on a page of the log; who watches a room is woken once for all that it has of it.</summary>
    public void Publish(IReadOnlyList<StoredEvent> page)
    {
        var heads = new Dictionary<RoomFeed, long>();
        foreach (var stored in page)
        {
            if (_feeds.TryGetValue(stored.StreamId, out var feed))
            {
                feed.Add(stored);
                heads[feed] = stored.Version;
            }

            if (stored.DataOrNull() is AccountErased erased)
                Forget(erased.AccountId.ToString());
        }

        foreach (var (feed, head) in heads)
            feed.MoveTo(head);
    }

    public void Leave(RoomFeed feed)
    {
        if (feed.Leave())
            _feeds.TryRemove(new KeyValuePair<Guid, RoomFeed>(feed.RoomId, feed));
    }

    // The log has forgotten their words; who wants to read on after this finds nothing of them here either.
    private void Forget(string actor)
    {
        foreach (var feed in _feeds.Values)
            feed.Forget(actor);
    }
}
