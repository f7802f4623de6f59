using System.Threading.Tasks.Sources;

namespace Chat.Api.Realtime;

/// <summary>
/// Somebody's hold on a feed, and their wait for what comes next. There is one wait at a time, which costs no memory of
/// its own: most sockets wait most of the time.
/// </summary>
internal sealed class RoomWatch : IValueTaskSource, IDisposable
{
    private readonly RoomFeeds _feeds;
    private readonly CancellationToken _ct;
    private readonly CancellationTokenRegistration _cancellation;
    private ManualResetValueTaskSourceCore<bool> _wait;
    private bool _isWaiting;

    public RoomWatch(RoomFeeds feeds, RoomFeed feed, CancellationToken ct)
    {
        (Feed, _feeds, _ct) = (feed, feeds, ct);
        _cancellation = ct.UnsafeRegister(static watch => ((RoomWatch)watch!).Cancel(), this);
    }

    public RoomFeed Feed { get; }

    /// <summary>Waits until the feed's head is at a position, or beyond it.</summary>
    public ValueTask ReachesAsync(long position)
    {
        _wait.Reset();
        Volatile.Write(ref _isWaiting, true);
        if (Feed.TryWait(this, position))
        {
            // The token may have fired before anybody waited.
            if (_ct.IsCancellationRequested)
                Cancel();
        }
        else
        {
            Wake();
        }

        return new ValueTask(this, _wait.Version);
    }

    /// <summary>Ends the wait, if there is one; the watcher goes on before this returns.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _isWaiting, false))
            _wait.SetResult(true);
    }

    public void Dispose()
    {
        _cancellation.Dispose();
        _feeds.Leave(Feed);
    }

    void IValueTaskSource.GetResult(short token) => _wait.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    // Who cancels is not kept by what the watcher does then.
    private void Cancel()
    {
        if (!Interlocked.Exchange(ref _isWaiting, false))
            return;
        _wait.RunContinuationsAsynchronously = true;
        _wait.SetException(new OperationCanceledException(_ct));
    }
}

/// <summary>
/// Wakes a part of those who wait for a room, one after the other: for each of them alone the change of threads would
/// cost more than what is sent.
/// </summary>
internal sealed class RoomWakeUp(IReadOnlyList<RoomWatch> watches, int first) : IThreadPoolWorkItem
{
    /// <summary>Watchers that are woken one after the other; more of them side by side.</summary>
    public const int WatchesMax = 32;

    public static void Start(List<RoomWatch> watches)
    {
        for (var first = 0; first < watches.Count; first += WatchesMax)
            ThreadPool.UnsafeQueueUserWorkItem(new RoomWakeUp(watches, first), preferLocal: false);
    }

    public void Execute()
    {
        for (var i = first; i < Math.Min(first + WatchesMax, watches.Count); i++)
            watches[i].Wake();
    }
}
