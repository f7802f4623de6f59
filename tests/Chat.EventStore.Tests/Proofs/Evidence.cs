namespace Chat.EventStore.Tests.Proofs;

/// <summary>History and log, ready to be asked.</summary>
public sealed class Evidence
{
    private readonly Dictionary<Guid, LoggedEvent> events;
    private readonly Dictionary<string, Sent> attempts;
    private readonly Dictionary<(Guid Stream, string Tag), List<long>> tagged = [];
    private readonly Dictionary<Guid, RisingValue> acknowledged = [];
    private readonly Dictionary<Guid, RisingValue> begun = [];

    public Evidence(History history, StoredLog log)
    {
        (History, Log) = (history, log);
        events = log.Events.ToDictionary(one => one.Id);
        attempts = history.Sent.ToDictionary(one => one.Attempt.Input, StringComparer.Ordinal);
        var tags = history.Sent.SelectMany(one => one.Attempt.Parts).SelectMany(part => part.Events)
            .GroupBy(one => one.Id, (id, same) => (id, same.First().Tags))
            .ToDictionary(one => one.id, one => one.Tags);
        foreach (var one in log.Events)
        {
            foreach (var tag in tags.GetValueOrDefault(one.Id) ?? [])
                Of(tagged, (one.Stream, tag)).Add(one.Version);
            if (attempts.TryGetValue(one.Input, out var writer))
                Of(begun, one.Stream).Add(writer.Attempt.At, one.Version);
        }

        foreach (var one in history.Sent.Where(one => one.IsKnownWritten))
        {
            foreach (var (part, result) in one.Attempt.Parts.Zip(one.Answer!.Results))
                Of(acknowledged, part.Stream).Add(one.EndedAt, result.LastVersion);
        }
    }

    public History History { get; }

    public StoredLog Log { get; }

    public LoggedEvent? Find(Guid id) => events.GetValueOrDefault(id);

    /// <summary>The attempt that wrote this event; null when it is not in the log.</summary>
    public Sent? WriterOf(Guid id) =>
        Find(id) is { } one ? attempts.GetValueOrDefault(one.Input) : null;

    /// <summary>The versions of a stream's events that carry the tag, in order.</summary>
    public IReadOnlyList<long> Tagged(Guid stream, string tag) => tagged.GetValueOrDefault((stream, tag)) ?? [];

    /// <summary>The lowest version that a stream can have had at this time: so much was acknowledged.</summary>
    public long VersionAtLeast(Guid stream, long at) => acknowledged.GetValueOrDefault(stream)?.At(at) ?? 0;

    /// <summary>The highest version that a stream can have had at this time: nothing further was sent yet.</summary>
    public long VersionAtMost(Guid stream, long at) => begun.GetValueOrDefault(stream)?.At(at) ?? 0;

    private static TValue Of<TKey, TValue>(Dictionary<TKey, TValue> map, TKey key)
        where TKey : notnull
        where TValue : new()
    {
        if (!map.TryGetValue(key, out var value))
            map[key] = value = new();
        return value;
    }

    /// <summary>The highest of the values up to a time.</summary>
    private sealed class RisingValue
    {
        private readonly List<(long At, long Value)> values = [];
        private bool isSorted;

        public void Add(long at, long value) => values.Add((at, value));

        public long At(long at)
        {
            Sort();
            var found = values.BinarySearch((at, long.MaxValue));
            var last = found >= 0 ? found : ~found - 1;
            return last < 0 ? 0 : values[last].Value;
        }

        private void Sort()
        {
            if (isSorted)
                return;
            isSorted = true;
            values.Sort();
            for (var i = 1; i < values.Count; i++)
                values[i] = (values[i].At, Math.Max(values[i].Value, values[i - 1].Value));
        }
    }
}
