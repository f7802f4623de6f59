namespace Chat.EventStore;

/// <summary>What <c>append_events</c> did with each append of a batch.</summary>
/// <param name="Appends">The batch.</param>
/// <param name="BaseVersions">For each append, the version that its stream had before the batch.</param>
/// <param name="WrittenAt">The timestamp of the events.</param>
internal sealed record BatchOutcome(
    IReadOnlyList<EncodedAppend> Appends, IReadOnlyList<long> BaseVersions, DateTimeOffset WrittenAt)
{
    /// <summary>Appends, counted from 1, whose first event was in the log already.</summary>
    public required int[] Repeated { get; init; }

    /// <summary>Appends, counted from 1, to a stream that somebody else had locked.</summary>
    public required int[] Busy { get; init; }

    /// <summary>Appends, counted from 1, to an archived stream.</summary>
    public required int[] Archived { get; init; }

    /// <summary>Appends, counted from 1, encrypted under a key that is not in the database.</summary>
    public required int[] Unkeyed { get; init; }

    /// <summary>Appends, counted from 1, whose condition did not hold.</summary>
    public required int[] Refused { get; init; }

    /// <summary>Versions of the written events, in order.</summary>
    public required long[] Versions { get; init; }

    /// <summary>Sequence numbers of the written events, in order.</summary>
    public required long[] Sequences { get; init; }

    /// <summary>
    /// For each append, what was decided; where it is a repetition, the first append's result is still to be looked up.
    /// </summary>
    public IEnumerable<AppendDecision> Decisions()
    {
        var verdicts = Verdicts();
        var next = 0;
        for (var i = 0; i < Appends.Count; i++)
        {
            if (verdicts[i] != AppendVerdict.Appended)
            {
                yield return new(verdicts[i]) { Failure = Failure(verdicts[i], i) };
                continue;
            }

            var last = next + Appends[i].Events.Count - 1;
            yield return new(AppendVerdict.Appended)
            {
                Result = new(
                    Versions[next],
                    Versions[last],
                    Sequences[last],
                    AlreadyAppended: false,
                    Appends[i].HeaderValues,
                    WrittenAt),
            };
            next = last + 1;
        }
    }

    // An append may be in several lists; the one that is set last counts.
    private AppendVerdict[] Verdicts()
    {
        var verdicts = new AppendVerdict[Appends.Count];
        Set(Refused, AppendVerdict.Refused);
        Set(Unkeyed, AppendVerdict.Unkeyed);
        Set(Archived, AppendVerdict.Archived);
        Set(Busy, AppendVerdict.Busy);
        Set(Repeated, AppendVerdict.Repeated);
        return verdicts;

        void Set(int[] places, AppendVerdict verdict)
        {
            foreach (var place in places)
                verdicts[place - 1] = verdict;
        }
    }

    private Exception? Failure(AppendVerdict verdict, int place) => verdict switch
    {
        AppendVerdict.Refused =>
            new ConcurrencyException(Appends[place].StreamId, BaseVersions[place], Appends[place].Condition),
        AppendVerdict.Archived => new StreamArchivedException(Appends[place].StreamId),
        AppendVerdict.Unkeyed => new DataKeyMissingException(Appends[place].Keys),
        _ => null,
    };

    /// <summary>The tail's generation before the first of the appends was encoded.</summary>
    public long Generation => Appends.Min(append => append.Generation);

    /// <summary>The written events as a reader of the log would see them.</summary>
    public IReadOnlyList<StoredEvent> WrittenEvents()
    {
        var written = new List<StoredEvent>(Versions.Length);
        foreach (var (append, decision) in Appends.Zip(Decisions()))
        {
            if (decision.Verdict != AppendVerdict.Appended)
                continue;
            foreach (var one in append.Events)
                written.Add(Stored(one, append, Versions[written.Count], Sequences[written.Count]));
        }

        return written;
    }

    private StoredEvent Stored(EncodedEvent one, EncodedAppend append, long version, long sequence) =>
        new(new StoredEvent.Content(one.Data))
    {
        Id = one.Id,
        StreamId = append.StreamId,
        Version = version,
        Sequence = sequence,
        EventTypeName = one.Type.Alias,
        Timestamp = WrittenAt,
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
