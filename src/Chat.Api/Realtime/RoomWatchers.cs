using System.Collections.Immutable;
using Chat.Domain.Rooms;
using Chat.EventStore;

namespace Chat.Api.Realtime;

/// <summary>Those on this node who watch the signals of rooms.</summary>
internal sealed class RoomWatchers<TSignal>
    where TSignal : class, IPersonSignal
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, ImmutableList<SignalWatch<TSignal>>> _rooms = [];

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
                return _rooms.Count == 0;
        }
    }

    /// <summary>Dispose the watch at the end.</summary>
    public SignalWatch<TSignal> Watch(Guid roomId, Guid accountId)
    {
        var watch = new SignalWatch<TSignal>(accountId, left => Leave(roomId, left));
        lock (_lock)
            _rooms[roomId] = _rooms.GetValueOrDefault(roomId, []).Add(watch);
        return watch;
    }

    public bool Has(Guid roomId)
    {
        lock (_lock)
            return _rooms.ContainsKey(roomId);
    }

    /// <summary>Tells all watchers of a room but the person themselves.</summary>
    public void Tell(Guid roomId, TSignal signal)
    {
        foreach (var watch in Of(roomId))
        {
            if (watch.AccountId != signal.AccountId)
                watch.Tell(signal);
        }
    }

    /// <summary>Ends the watches of those whom the log's next page puts out of their rooms.</summary>
    public void Follow(IReadOnlyList<StoredEvent> page)
    {
        foreach (var stored in page)
        {
            if (!Has(stored.StreamId) || Departure.Of(stored) is not { } gone)
                continue;
            foreach (var watch in Of(stored.StreamId).Where(watch => watch.AccountId == gone))
                watch.End();
        }
    }

    private ImmutableList<SignalWatch<TSignal>> Of(Guid roomId)
    {
        lock (_lock)
            return _rooms.GetValueOrDefault(roomId, []);
    }

    private void Leave(Guid roomId, SignalWatch<TSignal> watch)
    {
        lock (_lock)
        {
            var left = _rooms[roomId].Remove(watch);
            if (left.IsEmpty)
                _rooms.Remove(roomId);
            else
                _rooms[roomId] = left;
        }
    }
}

/// <summary>Events after which somebody is not in a room, whether they were before or not.</summary>
internal static class Departure
{
    public static Guid? Of(StoredEvent stored) => stored.DataOrNull() switch
    {
        MemberLeft e => e.MemberId,
        MemberKicked e => e.MemberId,
        MemberBanned e => e.MemberId,
        _ => null,
    };
}
