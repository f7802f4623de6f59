namespace Chat.EventStore;

/// <summary>What <c>append_events</c> did with each append of a batch.</summary>
internal sealed class BatchOutcome
{
    private readonly IReadOnlyList<EncodedAppend> appends;
    private readonly DateTimeOffset writtenAt;
    private readonly AppendDecision[] decisions;
    private readonly long[] sequences;

    /// <summary>Works out what the answer of the function means for each append of a batch.</summary>
    public BatchOutcome(IReadOnlyList<EncodedAppend> appends, BatchAnswer answer, DateTimeOffset writtenAt)
    {
        (this.appends, this.writtenAt) = (appends, writtenAt);
        var verdicts = answer.Verdicts(appends.Count);
        sequences = answer.SequencesOf(EventsOf(AppendVerdict.Appended, verdicts));
        decisions = new AppendDecision[appends.Count];
        var versions = (long[])answer.BaseVersions.Clone();
        var next = 0;
        for (var i = 0; i < decisions.Length; i++)
        {
            var stream = answer.Streams[i] - 1;
            if (verdicts[i] != AppendVerdict.Appended)
            {
                decisions[i] = new(verdicts[i])
                {
                    Failure = Failure(verdicts[i], appends[i], answer.BaseVersions[stream]),
                };
                continue;
            }

            var first = versions[stream] + 1;
            versions[stream] += appends[i].Events.Count;
            next += appends[i].Events.Count;
            decisions[i] = new(AppendVerdict.Appended)
            {
                Result = new(
                    appends[i].StreamId,
                    first,
                    versions[stream],
                    sequences[next - 1],
                    AlreadyAppended: false,
                    appends[i].HeaderValues,
                    writtenAt),
            };
        }
    }

    /// <summary>
    /// For each append, what was decided; where it is a repetition, the first append's result is still to be looked up.
    /// </summary>
    public IReadOnlyList<AppendDecision> Decisions => decisions;

    /// <summary>Sequence numbers of the written events, in order.</summary>
    public IReadOnlyList<long> Sequences => sequences;

    /// <summary>The tail's generation before the first of the appends was encoded.</summary>
    public long Generation => appends.Min(append => append.Generation);

    /// <summary>The written events as a reader of the log would see them.</summary>
    public IReadOnlyList<StoredEvent> WrittenEvents()
    {
        var written = new List<StoredEvent>(sequences.Length);
        foreach (var (append, decision) in appends.Zip(decisions))
        {
            if (decision.Result is not { } result)
                continue;
            for (var i = 0; i < append.Events.Count; i++)
                written.Add(Stored(append.Events[i], append, result.FirstVersion + i, sequences[written.Count]));
        }

        return written;
    }

    private int EventsOf(AppendVerdict verdict, AppendVerdict[] verdicts)
    {
        var events = 0;
        for (var i = 0; i < verdicts.Length; i++)
            events += verdicts[i] == verdict ? appends[i].Events.Count : 0;
        return events;
    }

    private static Exception? Failure(AppendVerdict verdict, EncodedAppend append, long version) => verdict switch
    {
        AppendVerdict.Refused => new ConcurrencyException(append.StreamId, version, append.Condition),
        AppendVerdict.Archived => new StreamArchivedException(append.StreamId),
        AppendVerdict.Unkeyed => new DataKeyMissingException(append.Keys),
        _ => null,
    };

    private StoredEvent Stored(EncodedEvent one, EncodedAppend append, long version, long sequence) =>
        new(new StoredEvent.Content(one.Data))
    {
        Id = one.Id,
        StreamId = append.StreamId,
        Version = version,
        Sequence = sequence,
        EventTypeName = one.Type.Alias,
        Timestamp = writtenAt,
        CorrelationId = append.Source.Metadata.CorrelationId,
        CausationId = append.Source.Metadata.CausationId,
        Headers = append.HeaderValues ?? StoredEvent.NoHeaders,
        Bytes = one.Json.Length,
    };
}

internal enum AppendVerdict
{
    Appended,
    Repeated,
    Busy,
    Archived,
    Unkeyed,
    Refused,
}

/// <summary>What was decided about one append: a result, a failure, or neither.</summary>
internal readonly record struct AppendDecision(AppendVerdict Verdict)
{
    public AppendResult? Result { get; init; }

    public Exception? Failure { get; init; }
}
