using Chat.Domain.Messages;
using Chat.Domain.Rooms;
using Chat.EventStore;

namespace Chat.Api.Realtime;

/// <summary>
/// The newest events of one room, kept once for all who watch it. Watchers hold only their position: who is too slow
/// for the window reads the log instead, so nobody waits for anybody and nothing is ever dropped.
/// </summary>
internal sealed class RoomFeed
{
    /// <summary>
    /// Events kept in memory for each watched room: some seconds of a busy one. Whoever falls behind that reads the
    /// log, which costs a server that has too much to do already far more.
    /// </summary>
    public const int WindowEvents = 1_024;

    /// <summary>What they take at most, in bytes of the log; the newest is kept whatever its size.</summary>
    public const int WindowBytesMax = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly StoredEvent?[] _window = new StoredEvent?[WindowEvents];
    private TaskCompletionSource _moved = NewSignal();
    private long _head;
    private long _oldest = 1;
    private long _bytes;
    private int _watchers;

    /// <summary>The highest position that watchers may be told of.</summary>
    public long Head
    {
        get
        {
            lock (_lock)
                return _head;
        }
    }

    /// <summary>
    /// Completes when the head moves. Take it before reading <see cref="Head"/>, or a move is missed.
    /// </summary>
    public Task Moved
    {
        get
        {
            lock (_lock)
                return _moved.Task;
        }
    }

    /// <summary>The event at a position, if it is still (and already) in the window.</summary>
    public StoredEvent? At(long position)
    {
        lock (_lock)
            return _window[position % WindowEvents] is { } stored && stored.Version == position ? stored : null;
    }

    /// <summary>Whether the window shows all that came after a post, and nothing of that changed the message.</summary>
    public bool IsAsPosted(StoredEvent stored, MessagePosted posted)
    {
        lock (_lock)
        {
            if (_window[stored.Version % WindowEvents]?.Version != stored.Version)
                return false;
            for (var position = stored.Version + 1; position <= _head; position++)
            {
                if (_window[position % WindowEvents] is not { } later || later.Version != position
                    || Changes(later, posted.MessageId, stored.Version))
                    return false;
            }

            return true;
        }
    }

    /// <summary>What somebody did is read from the log from now on.</summary>
    public void Forget(string actor)
    {
        lock (_lock)
        {
            for (var i = 0; i < WindowEvents; i++)
            {
                if (_window[i] is { } stored && stored.Actor == actor)
                    Remove(stored.Version);
            }
        }
    }

    public void Publish(StoredEvent stored)
    {
        lock (_lock)
        {
            Remove(stored.Version);
            _window[stored.Version % WindowEvents] = stored;
            _bytes += stored.Bytes;
            _oldest = Math.Max(_oldest, stored.Version - WindowEvents + 1);
            while (_bytes > WindowBytesMax && _oldest < stored.Version)
                Remove(_oldest++);
        }

        MoveTo(stored.Version);
    }

    /// <summary>
    /// Everything up to here may be told; a position from before the feed began comes from the read models.
    /// </summary>
    public void MoveTo(long position)
    {
        TaskCompletionSource moved;
        lock (_lock)
        {
            if (position <= _head)
                return;
            _head = position;
            (moved, _moved) = (_moved, NewSignal());
        }

        moved.SetResult();
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

    // Takes the place of a position, whatever is there.
    private void Remove(long position)
    {
        ref var place = ref _window[position % WindowEvents];
        _bytes -= place?.Bytes ?? 0;
        place = null;
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

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
