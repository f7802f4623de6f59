using Chat.Domain.Messages;
using Chat.Domain.Rooms;
using Chat.EventStore;

namespace Chat.Api.Realtime;

/// <summary>
/// The newest events of one room, kept once for all who watch it. Watchers hold only their position: who is too slow
/// for the window reads the log instead, so nobody waits for anybody and nothing is ever dropped.
/// </summary>
internal sealed class RoomFeed(Guid roomId)
{
    private readonly Lock _lock = new();
    private readonly RoomWindow _window = new();
    private List<RoomWatch> _waiting = [];
    private long _head;
    private int _watchers;
    private Newest? _newest;

    public Guid RoomId { get; } = roomId;

    /// <summary>The highest position that watchers may be told of.</summary>
    public long Head
    {
        get
        {
            lock (_lock)
                return _head;
        }
    }

    /// <summary>The event at a position, if it is still (and already) in the window.</summary>
    public StoredEvent? At(long position)
    {
        lock (_lock)
            return _window.At(position);
    }

    /// <summary>A page of one event: the same for all who are told of it now.</summary>
    public EventPage<object> PageOf(StoredEvent stored)
    {
        var newest = Volatile.Read(ref _newest);
        if (newest?.Stored == stored)
            return newest.Page;
        var page = new EventPage<object>(stored);
        Volatile.Write(ref _newest, new Newest(stored, page));
        return page;
    }

    /// <summary>Whether the window shows all that came after a post, and nothing of that changed the message.</summary>
    public bool IsAsPosted(StoredEvent stored, MessagePosted posted)
    {
        lock (_lock)
        {
            if (_window.At(stored.Version) is null)
                return false;
            for (var position = stored.Version + 1; position <= _head; position++)
            {
                if (_window.At(position) is not { } later || Changes(later, posted.MessageId, stored.Version))
                    return false;
            }

            return true;
        }
    }

    /// <summary>What somebody did is read from the log from now on.</summary>
    public void Forget(string actor)
    {
        lock (_lock)
            _window.Forget(actor);
    }

    /// <summary>Takes the room's next event; watchers are told of it when the head moves.</summary>
    public void Add(StoredEvent stored)
    {
        lock (_lock)
            _window.Add(stored);
    }

    /// <summary>
    /// Everything up to here may be told; a position from before the feed began comes from the read models.
    /// </summary>
    public void MoveTo(long position)
    {
        List<RoomWatch> woken;
        lock (_lock)
        {
            if (position <= _head)
                return;
            _head = position;
            if (_waiting.Count == 0)
                return;
            (woken, _waiting) = (_waiting, new List<RoomWatch>(_waiting.Count));
        }

        RoomWakeUp.Start(woken);
    }

    /// <summary>Remembers somebody who waits for a position; false where the head is there already.</summary>
    public bool TryWait(RoomWatch watch, long position)
    {
        lock (_lock)
        {
            if (position <= _head)
                return false;
            _waiting.Add(watch);
            return true;
        }
    }

    /// <summary>False where the last watcher has left: a feed is not entered again then.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (_watchers < 0)
                return false;
            _watchers++;
            return true;
        }
    }

    /// <summary>True for the last watcher.</summary>
    public bool Leave()
    {
        lock (_lock)
        {
            if (--_watchers > 0)
                return false;
            _watchers = -1;
            return true;
        }
    }

    private static bool Changes(StoredEvent stored, Guid messageId, long position) => stored.DataOrNull() switch
    {
        null => true,
        MessagePosted e => e.ThreadRootId == messageId,
        MessageEdited e => e.MessageId == messageId,
        MessageDeleted e => e.MessageId == messageId,
        ReactionAdded e => e.MessageId == messageId,
        ReactionRemoved e => e.MessageId == messageId,
        MessagePinned e => e.MessageId == messageId,
        MessageUnpinned e => e.MessageId == messageId,
        HistoryExpired e => e.ThroughPosition >= position,
        _ => false,
    };

    private sealed record Newest(StoredEvent Stored, EventPage<object> Page);
}
