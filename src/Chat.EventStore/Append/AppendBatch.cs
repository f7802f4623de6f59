namespace Chat.EventStore;

/// <summary>
/// Appends that are committed together. All are judged by the state before the batch, so an append whose outcome could
/// depend on an earlier one of the batch is not admitted; it goes into the next. Appends to one stream never overtake
/// each other.
/// </summary>
internal sealed class AppendBatch(int eventsMax, int bytesMax)
{
    private readonly HashSet<Guid> firstEvents = [];
    private readonly Dictionary<Guid, StreamInBatch> streams = [];
    private int events;
    private int bytes;

    public List<PendingAppend> Appends { get; } = [];

    public bool HasRoomFor(EncodedAppend append) =>
        Appends.Count == 0 || (events + append.Events.Count <= eventsMax && bytes + append.Bytes <= bytesMax);

    /// <summary>Whether an append to the stream is in.</summary>
    public bool Holds(Guid stream) => streams.ContainsKey(stream);

    /// <summary>Takes the append in; false when it has to wait for room or for the outcome of an earlier one.</summary>
    public bool Admit(PendingAppend pending)
    {
        var append = pending.Append;
        var known = streams.TryGetValue(append.StreamId, out var stream);
        stream ??= streams[append.StreamId] = new();
        if (!HasRoomFor(append)
            || firstEvents.Contains(append.FirstEventId)
            || (known && stream.Decides(append.Condition)))
        {
            stream.IsClosed = true;
            return false;
        }

        firstEvents.Add(append.FirstEventId);
        foreach (var one in append.Events)
            stream.Add(one.Tags);
        events += append.Events.Count;
        bytes += append.Bytes;
        Appends.Add(pending);
        return true;
    }

    private sealed class StreamInBatch
    {
        private HashSet<string>? tags;

        public bool IsClosed { get; set; }

        public void Add(IReadOnlyList<string> added)
        {
            if (added.Count > 0)
                (tags ??= new(StringComparer.Ordinal)).UnionWith(added);
        }

        public bool Decides(AppendCondition condition) =>
            IsClosed
            || condition.ExpectedVersion is not null
            || (tags is not null && condition.Tags.Any(tags.Contains));
    }
}
