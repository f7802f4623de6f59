namespace Chat.GraphQL;

/// <summary>
/// Keys that are loaded together. A batch whose loading loads from others waits for them; one that would so wait for
/// itself is told at once, instead of never ending.
/// </summary>
internal abstract class LoadBatch
{
    private static readonly AsyncLocal<LoadBatch?> Running = new();

    /// <summary>Two batches that come to wait for each other do so on two threads.</summary>
    private static readonly Lock Waiting = new();

    private readonly HashSet<LoadBatch> waitsFor = [];
    private bool isEnded;

    /// <summary>Lets what is loaded from now on, in this flow of control, be what the batch waits for.</summary>
    protected void Begin() => Running.Value = this;

    /// <summary>Nobody waits for the batch any more.</summary>
    protected void End()
    {
        lock (Waiting)
        {
            isEnded = true;
            waitsFor.Clear();
        }
    }

    /// <summary>
    /// Notes that the batch at work waits for this one; false when this one waits for that one already.
    /// </summary>
    protected bool TryWait()
    {
        if (Running.Value is not { } waiter)
            return true;
        lock (Waiting)
        {
            if (waiter.isEnded || isEnded || waiter.waitsFor.Contains(this))
                return true;
            if (Reaches(waiter, []))
                return false;
            waiter.waitsFor.Add(this);
            return true;
        }
    }

    private bool Reaches(LoadBatch other, HashSet<LoadBatch> visited) =>
        this == other || (visited.Add(this) && waitsFor.Any(next => next.Reaches(other, visited)));
}
