namespace Chat.EventStore;

/// <summary>What <c>append_events</c> answers; it counts appends and streams from 1.</summary>
internal sealed class BatchAnswer
{
    /// <summary>For each append, the place of its stream in the batch.</summary>
    public required IReadOnlyList<int> Streams { get; init; }

    /// <summary>For each stream of the batch, the version that it had before.</summary>
    public required long[] BaseVersions { get; init; }

    /// <summary>Appends whose first event was in the log already.</summary>
    public required int[] Repeated { get; init; }

    /// <summary>Appends to a stream that somebody else had locked.</summary>
    public required int[] Busy { get; init; }

    /// <summary>Appends to an archived stream.</summary>
    public required int[] Archived { get; init; }

    /// <summary>Appends encrypted under a key that is not in the database.</summary>
    public required int[] Unkeyed { get; init; }

    /// <summary>Appends whose condition did not hold.</summary>
    public required int[] Refused { get; init; }

    /// <summary>The number of the first written event, where the numbers follow each other.</summary>
    public required long? FirstSequence { get; init; }

    /// <summary>Otherwise the numbers of all written events.</summary>
    public required long[] Sequences { get; init; }

    /// <summary>The verdict on each append; of several reasons against one, the one that is set last counts.</summary>
    public AppendVerdict[] Verdicts(int appends)
    {
        var verdicts = new AppendVerdict[appends];
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

    /// <summary>The numbers of the written events, in order.</summary>
    public long[] SequencesOf(int written)
    {
        if (FirstSequence is not { } first)
            return Sequences;
        var numbers = new long[written];
        for (var i = 0; i < written; i++)
            numbers[i] = first + i;
        return numbers;
    }
}
