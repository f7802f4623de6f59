using System.Globalization;
using Chat.Api.Realtime.Backplanes;
using Chat.EventStore;

namespace Chat.Api.Realtime;

/// <summary>
/// Who is there, on all nodes: ONLINE while a socket is open, AWAY when the client says so or nobody has moved for
/// <see cref="AwayAfter"/>, OFFLINE <see cref="OfflineAfter"/> the last socket closed. Every node tells the others of
/// its own people only; a node that falls silent takes its people with it.
/// </summary>
internal sealed class PresenceRegister : BackgroundService
{
    public const char HeartbeatKind = 'h';
    public const char ChangeKind = 'p';
    public const char AllKind = 'a';
    public const char SomeOfAllKind = 'o';
    public const char EndOfAllKind = 'e';
    public const char AskKind = '?';
    public const char SessionKind = 's';

    public static readonly TimeSpan AwayAfter = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan OfflineAfter = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan NodeLostAfter = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan SweepEvery = TimeSpan.FromMilliseconds(500);

    private const int PeopleOfALine = 25;

    /// <summary>How often a node tells all its people, however often it is asked.</summary>
    public static readonly TimeSpan AllEvery = TimeSpan.FromSeconds(1);

    private readonly Signals _signals;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private readonly LocalPeople _local = new();
    private readonly RemotePeople _remote = new();
    private readonly Dictionary<Guid, Attendance> _announced = [];
    private readonly Dictionary<Guid, Presence> _known = [];
    private HashSet<Guid> _changed = [];
    private long _changes;
    private bool _isAsked;

    public PresenceRegister(Signals signals, TimeProvider clock)
    {
        (_signals, _clock) = (signals, clock);
        signals.Connected += () =>
        {
            Asked();
            signals.Publish(AskKind, "");
        };
        signals.On(AskKind, (_, _) => Asked());
        signals.On(HeartbeatKind, Heartbeat);
        signals.On(ChangeKind, Changed);
        signals.On(AllKind, (node, _) => Locked(now => _remote.Begin(node, now)));
        signals.On(SomeOfAllKind, SomeTold);
        signals.On(EndOfAllKind, AllTold);
        signals.On(SessionKind, SessionTold);
    }

    /// <summary>How somebody is there, on whatever node.</summary>
    public Presence Of(Guid accountId)
    {
        lock (_lock)
            return _known.GetValueOrDefault(accountId, Presence.Offline);
    }

    /// <summary>All who are not OFFLINE, among these.</summary>
    public List<PresenceSignal> Among(IEnumerable<Guid> accountIds)
    {
        lock (_lock)
        {
            return
            [
                .. accountIds.Where(_known.ContainsKey).Select(id => new PresenceSignal(id, _known[id])),
            ];
        }
    }

    /// <summary>
    /// Opens a socket, if the account has fewer than <paramref name="socketsMax"/> on all nodes; dispose it when it is
    /// closed.
    /// </summary>
    public IDisposable? TryOpen(Guid accountId, Guid sessionId, int socketsMax) =>
        Open(accountId, sessionId, socketsMax);

    /// <summary>What is open and is no socket, such as an operation on an event stream.</summary>
    public IDisposable Open(Guid accountId, Guid sessionId) => Open(accountId, sessionId, socketsMax: null)!;

    private Closing? Open(Guid accountId, Guid sessionId, int? socketsMax)
    {
        lock (_lock)
        {
            var now = _clock.GetUtcNow();
            if (_local.Of(accountId, now).Sockets + _remote.Of(accountId).Sockets >= socketsMax)
                return null;
            var socket = new OpenSocket(accountId, sessionId, counts: socketsMax is not null, now);
            _local.Add(socket);
            Review(accountId, now);
            return new Closing(this, socket);
        }
    }

    /// <summary>The client of a session is active, or nobody sits there; on whatever node its sockets are.</summary>
    public void Set(Guid accountId, Guid sessionId, bool isAway)
    {
        lock (_lock)
        {
            SetLocal(accountId, sessionId, isAway, _clock.GetUtcNow());
            _signals.Publish(SessionKind, $"{accountId:N}{sessionId:N}{(isAway ? 1 : 0)}");
        }
    }

    /// <summary>Takes the log's next page: who does something is there.</summary>
    public void Follow(IReadOnlyList<StoredEvent> page)
    {
        lock (_lock)
        {
            var now = _clock.GetUtcNow();
            foreach (var stored in page)
            {
                if (Guid.TryParse(stored.Actor, out var accountId))
                    SetLocal(accountId, sessionId: null, isAway: false, now);
            }
        }
    }

    /// <summary>These are to be told again: to somebody new, or because telling failed.</summary>
    public void TellAgain(IEnumerable<Guid> accountIds)
    {
        lock (_lock)
            _changed.UnionWith(accountIds);
    }

    /// <summary>Those whose presence has changed since it was last asked.</summary>
    public List<PresenceSignal> TakeChanges()
    {
        lock (_lock)
        {
            var changed = _changed;
            _changed = [];
            return [.. changed.Select(id => new PresenceSignal(id, _known.GetValueOrDefault(id, Presence.Offline)))];
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SweepEvery, _clock);
        var (saidAt, toldAllAt) = (DateTimeOffset.MinValue, DateTimeOffset.MinValue);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            lock (_lock)
            {
                var now = _clock.GetUtcNow();
                Sweep(now);
                if (_isAsked && now - toldAllAt >= AllEvery)
                {
                    TellAll();
                    toldAllAt = now;
                }

                if (now - saidAt < HeartbeatEvery)
                    continue;
                _signals.Publish(HeartbeatKind, _changes.ToString(CultureInfo.InvariantCulture));
                saidAt = now;
            }
        }
    }

    private void Sweep(DateTimeOffset now)
    {
        foreach (var accountId in _local.RemoveGone(now))
            Review(accountId, now);
        foreach (var accountId in _local.All)
            Review(accountId, now);
        foreach (var accountId in _remote.RemoveLost(now))
            Review(accountId, now);
    }

    // What has changed for an account is told to the other nodes, if it changed here, and noted for the watchers.
    private void Review(Guid accountId, DateTimeOffset now)
    {
        var local = _local.Of(accountId, now);
        if (_announced.GetValueOrDefault(accountId, new(Presence.Offline, 0)) != local)
        {
            if (local.Presence == Presence.Offline)
                _announced.Remove(accountId);
            else
                _announced[accountId] = local;
            _changes++;
            _signals.Publish(ChangeKind, AttendanceLine.Write(accountId, local));
        }

        var remote = _remote.Of(accountId).Presence;
        var presence = local.Presence < remote ? local.Presence : remote;
        if (_known.GetValueOrDefault(accountId, Presence.Offline) == presence)
            return;
        if (presence == Presence.Offline)
            _known.Remove(accountId);
        else
            _known[accountId] = presence;
        _changed.Add(accountId);
    }

    private void TellAll()
    {
        _isAsked = false;
        _signals.Publish(AllKind, "");
        foreach (var some in _announced.Chunk(PeopleOfALine))
            _signals.Publish(
                SomeOfAllKind, string.Join(',', some.Select(person => AttendanceLine.Write(person.Key, person.Value))));
        _signals.Publish(
            EndOfAllKind, string.Create(CultureInfo.InvariantCulture, $"{_announced.Count},{_changes}"));
    }

    private void Asked() => Locked(_ => _isAsked = true);

    private void Heartbeat(Guid node, string text) => Locked(now =>
    {
        if (long.TryParse(text, CultureInfo.InvariantCulture, out var changes) && !_remote.IsWhole(node, changes, now))
            _signals.Publish(AskKind, "");
    });

    private void Changed(Guid node, string text)
    {
        if (AttendanceLine.TryRead(text) is not var (accountId, attendance))
            return;
        Locked(now =>
        {
            _remote.Change(node, accountId, attendance, now);
            Review(accountId, now);
        });
    }

    private void SomeTold(Guid node, string text) => Locked(now =>
    {
        foreach (var line in text.Split(','))
        {
            if (AttendanceLine.TryRead(line) is var (accountId, attendance))
                _remote.Put(node, accountId, attendance, now);
        }
    });

    private void AllTold(Guid node, string text)
    {
        if (text.Split(',') is not [var count, var version]
            || !int.TryParse(count, CultureInfo.InvariantCulture, out var people)
            || !long.TryParse(version, CultureInfo.InvariantCulture, out var changes))
            return;
        Locked(now =>
        {
            foreach (var accountId in _remote.Complete(node, people, changes, now))
                Review(accountId, now);
        });
    }

    private void SessionTold(Guid node, string text)
    {
        if (text.Length == 65 && Guid.TryParseExact(text[..32], "N", out var accountId)
            && Guid.TryParseExact(text[32..64], "N", out var sessionId))
            Locked(now => SetLocal(accountId, sessionId, isAway: text[64] == '1', now));
    }

    private void SetLocal(Guid accountId, Guid? sessionId, bool isAway, DateTimeOffset now)
    {
        if (_local.Set(accountId, sessionId, isAway, now))
            Review(accountId, now);
    }

    private void Locked(Action<DateTimeOffset> change)
    {
        lock (_lock)
            change(_clock.GetUtcNow());
    }

    private sealed class Closing(PresenceRegister register, OpenSocket socket) : IDisposable
    {
        private bool _isClosed;

        public void Dispose()
        {
            lock (register._lock)
            {
                if (_isClosed)
                    return;
                _isClosed = true;
                var now = register._clock.GetUtcNow();
                register._local.Remove(socket, now);
                register.Review(socket.AccountId, now);
            }
        }
    }
}
