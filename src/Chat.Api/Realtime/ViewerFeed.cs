using Chat.EventStore;

namespace Chat.Api.Realtime;

/// <summary>
/// The newest events that concern one account, kept once for all its subscriptions on this node. As with
/// <see cref="RoomFeed"/>, watchers hold a position of their own, here in the whole log, and read the log where the
/// window has moved on.
/// </summary>
internal sealed class ViewerFeed(Guid accountId)
{
    /// <summary>Events kept in memory for each account that watches.</summary>
    public const int WindowEvents = 64;

    /// <summary>Read markers kept; who is slow misses older ones.</summary>
    public const int MarkersMax = 16;

    private readonly Lock _lock = new();
    private readonly Queue<StoredEvent> _window = new(1);
    private readonly Queue<ReadMarkerMoved> _markers = new(1);
    private TaskCompletionSource? _moved;
    private long _since;
    private long _last;
    private long _markersEver;

    public Guid AccountId { get; } = accountId;

    /// <summary>The rooms that the account is in, at the end of what has been routed; the router's.</summary>
    public HashSet<Guid> Rooms { get; } = [];

    /// <summary>The rooms that the account is invited to; the router's.</summary>
    public HashSet<Guid> Invitations { get; } = [];

    /// <summary>What came while the rooms were looked up; null once they are there. The router's.</summary>
    public List<RoutedPage>? Unrouted { get; set; } = [];

    /// <summary>How many subscriptions there are; the router's.</summary>
    public int Watchers { get; set; }

    /// <summary>Completes when the feed is there, with the place in the log from which on it has everything.</summary>
    public TaskCompletionSource<long> Loaded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many read markers have moved so far.</summary>
    public long MarkersEver
    {
        get
        {
            lock (_lock)
                return _markersEver;
        }
    }

    public void Begin(long since)
    {
        lock (_lock)
            (_since, _last) = (since, since);
    }

    public void Add(StoredEvent stored)
    {
        lock (_lock)
        {
            if (stored.Sequence <= _last)
                return;
            _last = stored.Sequence;
            if (_window.Count == WindowEvents)
                _since = _window.Dequeue().Sequence;
            _window.Enqueue(stored);
            _moved?.TrySetResult();
        }
    }

    public void Add(ReadMarkerMoved marker)
    {
        lock (_lock)
        {
            if (_markers.Count == MarkersMax)
                _markers.Dequeue();
            _markers.Enqueue(marker);
            _markersEver++;
            _moved?.TrySetResult();
        }
    }

    /// <summary>
    /// What comes after a position and a number of markers; a task to wait for where there is nothing yet; neither
    /// where the window has moved on.
    /// </summary>
    public (object? Next, Task? Moved) After(long position, ref long markersSeen)
    {
        lock (_lock)
        {
            if (position < _since)
                return (null, null);
            foreach (var stored in _window)
            {
                if (stored.Sequence > position)
                    return (stored, null);
            }

            if (markersSeen < _markersEver)
            {
                var skip = Math.Max(0, _markers.Count - (int)(_markersEver - markersSeen));
                markersSeen = _markersEver - _markers.Count + skip + 1;
                return (_markers.ElementAt(skip), null);
            }

            if (_moved is null || _moved.Task.IsCompleted)
                _moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (null, _moved.Task);
        }
    }
}
