using Chat.EventStore;

namespace Chat.Api.Realtime;

/// <summary>
/// The newest events of a room by their positions, bounded in number and in bytes. Not for several threads.
/// </summary>
internal sealed class RoomWindow
{
    /// <summary>
    /// Events kept in memory for each watched room: some seconds of a busy one. Whoever falls behind that reads the
    /// log, which costs a server that has too much to do already far more. What is kept for longer outlives the young
    /// generations of the garbage collector, which then has to pause everybody more often and for longer.
    /// </summary>
    public const int EventsMax = 256;

    /// <summary>What they take at most, in bytes of the log; the newest is kept whatever its size.</summary>
    public const int BytesMax = 1024 * 1024;

    /// <summary>Places of a room in which little happens. A power of two, as <see cref="EventsMax"/> is.</summary>
    private const int PlacesMin = 16;

    private StoredEvent?[] _places = new StoredEvent?[PlacesMin];
    private long _oldest = long.MaxValue;
    private long _bytes;

    /// <summary>The event at a position, if it is there.</summary>
    public StoredEvent? At(long position) =>
        PlaceOf(position) is { } stored && stored.Version == position ? stored : null;

    public void Add(StoredEvent stored)
    {
        var newest = stored.Version;
        _oldest = Math.Min(_oldest, newest);
        while (newest - _oldest >= _places.Length && _places.Length < EventsMax)
            Grow();
        for (; newest - _oldest >= EventsMax; _oldest++)
            Remove(_oldest);
        Remove(newest);
        PlaceOf(newest) = stored;
        _bytes += stored.Bytes;
        for (; _bytes > BytesMax && _oldest < newest; _oldest++)
            Remove(_oldest);
    }

    /// <summary>What somebody did is not here any more.</summary>
    public void Forget(string actor)
    {
        foreach (var stored in _places)
        {
            if (stored?.Actor == actor)
                Remove(stored.Version);
        }
    }

    private ref StoredEvent? PlaceOf(long position) => ref _places[position & (_places.Length - 1)];

    private void Grow()
    {
        var before = _places;
        _places = new StoredEvent?[before.Length * 2];
        foreach (var stored in before)
        {
            if (stored is not null)
                PlaceOf(stored.Version) = stored;
        }
    }

    // Takes the place of a position, whatever is there.
    private void Remove(long position)
    {
        ref var place = ref PlaceOf(position);
        _bytes -= place?.Bytes ?? 0;
        place = null;
    }
}
