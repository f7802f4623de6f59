namespace Chat.EventStore;

/// <summary>Tells of a commit: this process's tail at once and in memory, other processes by NOTIFY.</summary>
internal sealed class Commits(EventTail tail, Announcer announcer)
{
    public void Publish(BatchOutcome outcome)
    {
        if (outcome.Sequences.Count == 0)
            return;
        tail.Committed(outcome);
        announcer.Appended(outcome.Sequences[0], outcome.Sequences[^1]);
    }

    /// <summary>Appends that were in the log already: whoever wrote them may have died before telling.</summary>
    public void Found(IReadOnlyCollection<AppendResult> results)
    {
        if (results.Count == 0)
            return;
        var last = results.Max(result => result.LastSequence);
        tail.Found(last);
        announcer.Appended(last, last);
    }
}
