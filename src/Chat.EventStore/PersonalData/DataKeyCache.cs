namespace Chat.EventStore;

/// <summary>Data keys in memory: bounded in number, the oldest leave first, and each for a bounded time.</summary>
internal sealed class DataKeyCache(int entriesMax, TimeSpan lifetime, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly Dictionary<Guid, (DataKey? Key, long Since)> entries = [];
    private readonly Queue<Guid> ages = new();
    private long generation;

    public int Count
    {
        get
        {
            lock (gate)
                return entries.Count;
        }
    }

    /// <summary>
    /// To be taken before a key is looked up and given back with it, so that a key forgotten meanwhile stays forgotten.
    /// </summary>
    public long Generation => Interlocked.Read(ref generation);

    public DataKey? Find(Guid subject)
    {
        lock (gate)
        {
            return entries.TryGetValue(subject, out var entry) && clock.GetElapsedTime(entry.Since) < lifetime
                ? entry.Key
                : null;
        }
    }

    public void Add(Guid subject, DataKey key, long lookedUpAt)
    {
        lock (gate)
        {
            if (lookedUpAt != generation)
                return;
            if (entries.TryAdd(subject, (key, clock.GetTimestamp())))
                ages.Enqueue(subject);
            else
                entries[subject] = (key, clock.GetTimestamp());
            while (ages.Count > entriesMax)
                entries.Remove(ages.Dequeue());
        }
    }

    /// <summary>Drops all keys, after announcements that may have been missed.</summary>
    public void Clear()
    {
        lock (gate)
        {
            generation++;
            entries.Clear();
            ages.Clear();
        }
    }

    /// <summary>Drops a key, so that it is looked up again.</summary>
    public void Remove(Guid subject) => Replace(subject, null);

    /// <summary>Remembers that a key was destroyed.</summary>
    public void Forget(Guid subject) => Replace(subject, DataKey.Erased);

    // The subject's place in the order of ages stays, so that the bound keeps holding.
    private void Replace(Guid subject, DataKey? key)
    {
        lock (gate)
        {
            generation++;
            if (entries.ContainsKey(subject))
                entries[subject] = (key, clock.GetTimestamp());
        }
    }
}
