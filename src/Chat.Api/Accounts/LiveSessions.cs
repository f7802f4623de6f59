using System.Collections.Concurrent;

namespace Chat.Api.Accounts;

/// <summary>
/// The sessions that have sockets or operations on event streams open on this node. One query each
/// <see cref="CheckEvery"/> finds those that ended, wherever that was done, and what they have open is closed.
/// </summary>
internal sealed class LiveSessions(
    Sessions sessions, TimeProvider clock, ILogger<LiveSessions> logger) : BackgroundService
{
    public static readonly TimeSpan CheckEvery = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<CancellationTokenSource, Guid> _open = new();
    private Task _renewing = Task.CompletedTask;

    /// <summary>How many sockets and operations are watched.</summary>
    public int Count => _open.Count;

    /// <summary>
    /// A token that fires when the session is over; it is forgotten when the socket's request ends, however that is.
    /// </summary>
    public CancellationToken Watch(Guid sessionId, HttpContext socket)
    {
        var ended = Add(sessionId);
        socket.Response.RegisterForDispose(new Forgetting(() => _open.TryRemove(ended, out _)));
        return ended.Token;
    }

    /// <summary>
    /// A token that fires when the session is over; it is forgotten when <paramref name="operationEnded"/> fires.
    /// </summary>
    public CancellationToken Watch(Guid sessionId, CancellationToken operationEnded)
    {
        var ended = Add(sessionId);
        operationEnded.Register(() => _open.TryRemove(ended, out _));
        return ended.Token;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(CheckEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await CloseEndedAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // The next round sees what happened meanwhile; an outage says enough of itself elsewhere.
                logger.Log(Unavailable.Is(e) ? LogLevel.Debug : LogLevel.Error, e, "Sessions were not checked.");
            }
        }
    }

    private CancellationTokenSource Add(Guid sessionId)
    {
        var ended = new CancellationTokenSource();
        _open.TryAdd(ended, sessionId);
        return ended;
    }

    private async Task CloseEndedAsync(CancellationToken ct)
    {
        if (_open.IsEmpty)
            return;
        Guid[] open = [.. _open.Values.Distinct()];
        var ended = (await sessions.EndedAmongAsync(open, ct)).ToHashSet();
        foreach (var (source, sessionId) in _open)
        {
            if (ended.Contains(sessionId) && _open.TryRemove(source, out _))
                await source.CancelAsync();
        }

        // Those that ended need not wait for it.
        if (_renewing.IsCompleted)
            _renewing = RenewAsync(open, ct);
    }

    private async Task RenewAsync(Guid[] open, CancellationToken ct)
    {
        try
        {
            await sessions.RenewUsedAsync(open, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            logger.Log(Unavailable.Is(e) ? LogLevel.Debug : LogLevel.Error, e, "Sessions were not looked up again.");
        }
        catch (OperationCanceledException)
        {
            // The server ends.
        }
    }

    private sealed class Forgetting(Action forget) : IDisposable
    {
        public void Dispose() => forget();
    }
}
