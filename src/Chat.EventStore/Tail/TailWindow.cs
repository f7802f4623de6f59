namespace Chat.EventStore;

/// <summary>
/// The settled end of the log with the latest events in memory. One window serves all followers: each keeps only its
/// position, so a slow one costs nothing and holds up nobody.
/// </summary>
internal sealed class TailWindow(int eventsMax, int bytesMax)
{
    private readonly Lock gate = new();
    private readonly Broadcast changed = new();

    // Events before the index `first` have left the window; the list is compacted when half of it has.
    private readonly List<StoredEvent> events = [];
    private int first;
    private long bytes;
    private long floor;
    private long position = -1;
    private long generation;

    /// <summary>Ends with the next change. To be taken before looking.</summary>
    public Task Changed => changed.Next;

    /// <summary>Every number up to here belongs to a visible event or to none for ever; -1 before the start.</summary>
    public long Position => Interlocked.Read(ref position);

    /// <summary>
    /// To be taken before events are decrypted and given back with them, so that what was decrypted before the window
    /// was told to forget does not come to stay in it.
    /// </summary>
    public long Generation => Interlocked.Read(ref generation);

    public int Events
    {
        get
        {
            lock (gate)
                return events.Count - first;
        }
    }

    public void Start(long settledPosition)
    {
        lock (gate)
        {
            floor = settledPosition;
            Interlocked.Exchange(ref position, settledPosition);
        }

        changed.Raise();
    }

    /// <summary>
    /// Adds events that follow each other in the log from <paramref name="after"/> on; known ones are left out.
    /// </summary>
    /// <returns>
    /// False when the window does not reach up to <paramref name="after"/>, so that something in between is missing, or
    /// when it had to forget since <paramref name="decryptedAt"/>.
    /// </returns>
    public bool Publish(long after, IReadOnlyList<StoredEvent> page, long decryptedAt)
    {
        lock (gate)
        {
            if (position < after || decryptedAt != generation)
                return false;
            foreach (var one in page)
            {
                if (one.Sequence <= position)
                    continue;
                events.Add(one);
                bytes += one.Bytes;
                Interlocked.Exchange(ref position, one.Sequence);
            }

            Trim();
        }

        changed.Raise();
        return true;
    }

    /// <summary>
    /// The events after a position, at most <paramref name="limit"/>; null when they have left the window.
    /// </summary>
    public IReadOnlyList<StoredEvent>? After(long sequence, int limit)
    {
        lock (gate)
        {
            if (sequence < floor)
                return null;
            var start = FirstAfter(sequence);
            return events.GetRange(start, Math.Min(limit, events.Count - start));
        }
    }

    /// <summary>Drops all events from memory; followers read them from the log.</summary>
    public void Forget()
    {
        lock (gate)
        {
            Interlocked.Increment(ref generation);
            events.Clear();
            first = 0;
            bytes = 0;
            floor = Math.Max(position, 0);
        }
    }

    private int FirstAfter(long sequence)
    {
        var (low, high) = (first, events.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = events[middle].Sequence <= sequence ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private void Trim()
    {
        while (events.Count - first > eventsMax || (bytes > bytesMax && events.Count > first))
        {
            floor = events[first].Sequence;
            bytes -= events[first].Bytes;
            events[first++] = null!;
        }

        if (first > events.Count / 2)
        {
            events.RemoveRange(0, first);
            first = 0;
        }
    }
}
