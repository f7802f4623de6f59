using System.Collections.Concurrent;

namespace Chat.Api.Accounts;

/// <summary>
/// The sessions that have sockets open on this node. One query each <see cref="CheckEvery"/> finds those that ended, wherever
/// that was done, and their sockets are closed.
/// </summary>
internal sealed class LiveSessions(Sessions sessions, TimeProvider clock, ILogger<LiveSessions> logger) : BackgroundService
{
    public static readonly TimeSpan CheckEvery = TimeSpan.FromMilliseconds(500);

    // A socket's connection ends with its request; entries are removed then.
    private readonly ConcurrentDictionary<CancellationTokenSource, Guid> _open = new();

    /// <summary>A token that fires when the session is over; it is forgotten when the socket's request ends.</summary>
    public CancellationToken Watch(Guid sessionId, CancellationToken socketClosed)
    {
        var ended = new CancellationTokenSource();
        _open.TryAdd(ended, sessionId);
        socketClosed.Register(() => _open.TryRemove(ended, out _));
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
            catch (Exception e) when (Unavailable.Is(e))
            {
                // Without the database nothing can have been revoked; the next round sees what happened meanwhile.
                logger.LogDebug(e, "Sessions were not checked.");
            }
        }
    }

    private async Task CloseEndedAsync(CancellationToken ct)
    {
        if (_open.IsEmpty)
            return;
        var ended = (await sessions.EndedAmongAsync([.. _open.Values.Distinct()], ct)).ToHashSet();
        foreach (var (source, sessionId) in _open)
        {
            if (ended.Contains(sessionId) && _open.TryRemove(source, out _))
                await source.CancelAsync();
        }
    }
}
