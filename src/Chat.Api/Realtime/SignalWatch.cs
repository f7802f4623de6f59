namespace Chat.Api.Realtime;

/// <summary>What is told of one person in passing.</summary>
public interface IPersonSignal
{
    Guid AccountId { get; }
}

/// <summary>
/// One watcher of a room's signals. Of each person only the latest signal waits: who is slow misses what is over, and
/// never what holds.
/// </summary>
internal sealed class SignalWatch<TSignal>(Guid accountId, Action<SignalWatch<TSignal>> leave) : IDisposable
    where TSignal : class, IPersonSignal
{
    /// <summary>People whose signals wait; past it the subscription ends, and its client begins anew.</summary>
    public const int WaitingMax = 10_000;

    private readonly Lock _lock = new();
    private readonly Queue<Guid> _order = new();
    private readonly Dictionary<Guid, TSignal> _latest = [];
    private TaskCompletionSource? _told;
    private bool _ended;
    private bool _overflown;

    public Guid AccountId { get; } = accountId;

    public void Tell(TSignal signal)
    {
        lock (_lock)
        {
            if (!_latest.ContainsKey(signal.AccountId))
            {
                _overflown |= _order.Count == WaitingMax;
                if (_overflown)
                    return;
                _order.Enqueue(signal.AccountId);
            }

            _latest[signal.AccountId] = signal;
            _told?.TrySetResult();
        }
    }

    /// <summary>The watcher may not watch any longer.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            _told?.TrySetResult();
        }
    }

    /// <summary>The next signal; null when the watch has ended.</summary>
    public async Task<TSignal?> NextAsync(CancellationToken ct)
    {
        while (true)
        {
            Task told;
            lock (_lock)
            {
                if (_ended)
                    return null;
                if (_order.TryDequeue(out var person) && _latest.Remove(person, out var signal))
                    return signal;
                if (_overflown)
                    throw new SubscriptionOverflowException("signals", WaitingMax);
                _told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                told = _told.Task;
            }

            await told.WaitAsync(ct);
        }
    }

    public void Dispose() => leave(this);
}
