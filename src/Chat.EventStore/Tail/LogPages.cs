namespace Chat.EventStore;

/// <summary>
/// Pages of the settled log for followers that the window has left behind. Each is read and decoded once, however many
/// followers want it while one of them has yet to pass it, and the page behind it is read while they work on it. A page
/// that all have passed is dropped at once, so that it dies young. Who is slow finds his pages gone and reads them
/// himself; he holds up nobody.
/// </summary>
internal sealed class LogPages(
    Func<long, long, int, Task<LogPage>> read, int eventsMax, long bytesMax, TimeSpan ageMax, TimeProvider clock)
{
    /// <summary>What an event takes in memory beside its JSON, about.</summary>
    public const int EventOverheadBytes = 256;

    private readonly Lock gate = new();
    private readonly PageSize size = new(eventsMax);

    // The last used come last. There are few: their number is bounded by the bytes and by the followers.
    private readonly LinkedList<Entry> entries = new();

    // The last comes first; there may be thousands.
    private readonly SortedSet<Reader> readers = new(Comparer<Reader>.Create(
        (one, other) => (one.Position, one.Number).CompareTo((other.Position, other.Number))));
    private long bytes;
    private long entered;

    /// <summary>Bytes that the pages kept take, about.</summary>
    public long Bytes
    {
        get
        {
            lock (gate)
                return bytes;
        }
    }

    /// <summary>Somebody begins to read pages; dispose the reader at the end.</summary>
    public Reader Enter()
    {
        lock (gate)
        {
            var reader = new Reader(this, ++entered);
            readers.Add(reader);
            return reader;
        }
    }

    /// <summary>Drops all pages; who waits for one that is being read still gets it.</summary>
    public void Forget()
    {
        lock (gate)
        {
            entries.Clear();
            bytes = 0;
        }
    }

    private async Task<(IReadOnlyList<StoredEvent> Events, long Through)> AfterAsync(
        Reader reader, long position, long end, int limit, CancellationToken cancellationToken)
    {
        Pass(reader, position);
        Entry entry;
        List<StoredEvent> events;
        do
        {
            // A page that ended early may not reach as far as it promised.
            entry = FindOrRead(position, end);
            events = (await entry.Page.WaitAsync(cancellationToken)).Events;
        }
        while (entry.Through <= position);

        ReadAhead(entry, end);
        var first = FirstAfter(events, position);
        var count = Math.Min(limit, events.Count - first);
        if (count == 0)
            return ([], entry.Through);
        var slice = count == events.Count ? events : events.GetRange(first, count);
        return (slice, first + count == events.Count ? entry.Through : slice[^1].Sequence);
    }

    private void Pass(Reader reader, long position)
    {
        lock (gate)
        {
            readers.Remove(reader);
            reader.Position = position;
            readers.Add(reader);
            DropPassed();
        }
    }

    private void Leave(Reader reader)
    {
        lock (gate)
        {
            readers.Remove(reader);
            DropPassed();
        }
    }

    // Whoever still waits for one of them gets it.
    private void DropPassed()
    {
        var position = readers.Min?.Position ?? long.MaxValue;
        for (var node = entries.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.Through <= position)
            {
                bytes -= node.Value.Bytes;
                entries.Remove(node);
            }

            node = next;
        }
    }

    private static int FirstAfter(List<StoredEvent> events, long position)
    {
        var (low, high) = (0, events.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = events[middle].Sequence <= position ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private void ReadAhead(Entry entry, long end)
    {
        lock (gate)
        {
            // Not when the reader has to fear for the page that he has yet to work on.
            if (entry.Through < end && bytes < bytesMax)
                Observe(FindOrRead(entry.Through, end).Page);
        }
    }

    // Perhaps nobody comes to ask for it. Who does gets the error.
    private static void Observe(Task page) => _ = page.ContinueWith(
        static failed => failed.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted,
        TaskScheduler.Default);

    private Entry FindOrRead(long position, long end)
    {
        lock (gate)
        {
            for (var node = entries.Last; node is not null; node = node.Previous)
            {
                var known = node.Value;
                if (known.From > position || position >= known.Through)
                    continue;
                entries.Remove(node);
                if (clock.GetElapsedTime(known.StartedAt) > ageMax)
                {
                    bytes -= known.Bytes;
                    break;
                }

                entries.AddLast(node);
                return known;
            }

            var through = UpTo(position, end);
            var entry = new Entry(position, Math.Min(through, position + size.Next), clock.GetTimestamp());
            entries.AddLast(entry);
            entry.Page = ReadAsync(entry, through, size.Next);
            return entry;
        }
    }

    // Up to where the next known page begins: so followers that began apart come to share pages.
    private long UpTo(long position, long end) => entries
        .Where(one => one.From > position && one.From < end).Select(one => one.From).DefaultIfEmpty(end).Min();

    private async Task<LogPage> ReadAsync(Entry entry, long end, int limit)
    {
        // The caller holds the lock, and must not do so while this reads.
        await Task.Yield();
        try
        {
            var page = await read(entry.From, end, limit);
            Keep(entry, page, end);
            return page;
        }
        catch (Exception)
        {
            lock (gate)
                entries.Remove(entry);
            throw;
        }
    }

    private void Keep(Entry entry, LogPage page, long end)
    {
        lock (gate)
        {
            size.Learn(page);
            entry.Through = page.IsLast ? end : page.Events[^1].Sequence;
            if (!entries.Contains(entry))
                return;
            entry.Bytes = Math.Max(1, page.Events.Sum(one => (long)one.Bytes + EventOverheadBytes));
            bytes += entry.Bytes;
            for (var node = entries.First; node is not null && bytes > bytesMax;)
            {
                var next = node.Next;
                if (node.Value.Bytes > 0)
                {
                    bytes -= node.Value.Bytes;
                    entries.Remove(node);
                }

                node = next;
            }
        }
    }

    /// <summary>One who is behind; pages are kept for all from where the last of them stands.</summary>
    public sealed class Reader(LogPages pages, long number) : IDisposable
    {
        /// <summary>Where it stands; whoever uses it holds the lock of the pages.</summary>
        internal long Position { get; set; }

        internal long Number { get; } = number;

        /// <summary>The next events after a position, and up to where that is all there is.</summary>
        /// <param name="position">Where the follower stands.</param>
        /// <param name="end">The settled end of the log.</param>
        /// <param name="limit">Most events.</param>
        /// <param name="cancellationToken">Ends the wait, not the read: others may wait for it too.</param>
        public Task<(IReadOnlyList<StoredEvent> Events, long Through)> AfterAsync(
            long position, long end, int limit, CancellationToken cancellationToken) =>
            pages.AfterAsync(this, position, end, limit, cancellationToken);

        public void Dispose() => pages.Leave(this);
    }

    /// <summary>The events after <paramref name="from"/>, read or about to be.</summary>
    private sealed class Entry(long from, long through, long startedAt)
    {
        public long From { get; } = from;

        /// <summary>Until it is read, as far as it reaches at least when it is full.</summary>
        public long Through { get; set; } = through;

        public long StartedAt { get; } = startedAt;

        public long Bytes { get; set; }

        public Task<LogPage> Page { get; set; } = null!;
    }
}
