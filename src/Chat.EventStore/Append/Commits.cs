namespace Chat.EventStore;

/// <summary>Tells of a commit: this process's tail at once and in memory, other processes by NOTIFY.</summary>
internal sealed class Commits(EventTail tail, Announcer announcer)
{
    public void Publish(BatchOutcome outcome)
    {
        if (outcome.Sequences.Length == 0)
            return;
        tail.Committed(outcome);
        announcer.Appended(outcome.Sequences[0], outcome.Sequences[^1]);
    }
}
