namespace Chat.EventStore;

/// <summary>An append on its way: its caller waits for the outcome, the writer may take it up once.</summary>
internal sealed class PendingAppend(EncodedAppend append, long deadline)
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Withdrawn = 2;

    // Outcomes are values: a failure whose caller has gone must not surface as an unobserved exception.
    private readonly TaskCompletionSource<Outcome> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int state = Waiting;
    private volatile bool isCancelled;

    public EncodedAppend Append { get; } = append;

    /// <summary>The timestamp of the store's clock after which nobody waits any more.</summary>
    public long Deadline { get; } = deadline;

    public Task<Outcome> Outcome => outcome.Task;

    /// <summary>The writer takes the append up; false when the caller has withdrawn it.</summary>
    public bool Take() => Interlocked.CompareExchange(ref state, Taken, Waiting) != Withdrawn;

    /// <summary>The writer has not begun to write it after all, so that the caller may withdraw it again.</summary>
    public void PutOff()
    {
        WasPutOff = true;
        if (IsUncertain)
            return;
        Interlocked.CompareExchange(ref state, Waiting, Taken);
        if (isCancelled && Withdraw())
            Fail(new OperationCanceledException("The append was cancelled before it was written."));
    }

    /// <summary>
    /// The caller cancels; false when the writer has taken the append up. Should it be put off, it is withdrawn then.
    /// </summary>
    public bool Cancel()
    {
        isCancelled = true;
        return Withdraw();
    }

    /// <summary>
    /// An attempt to write it ended with nobody knowing how, so it can no longer be taken back. The writer's own.
    /// </summary>
    public bool IsUncertain { get; set; }

    /// <summary>Whether it has met a lock before. The writer's own.</summary>
    public bool WasPutOff { get; private set; }

    public bool IsWithdrawn => Volatile.Read(ref state) == Withdrawn;

    /// <summary>
    /// The caller gives up; false when the writer has taken the append up, so that it may be written.
    /// </summary>
    public bool Withdraw() => Interlocked.CompareExchange(ref state, Withdrawn, Waiting) == Waiting;

    public void Succeed(AppendResult result) => outcome.TrySetResult(new(result, null));

    public void Fail(Exception failure) => outcome.TrySetResult(new(null, failure));
}

/// <summary>What became of an append.</summary>
internal readonly record struct Outcome(AppendResult? Result, Exception? Failure)
{
    public AppendResult Unwrap() => Result ?? throw Failure!;
}
