namespace Chat.EventStore;

/// <summary>How far a shard is, as this process knows it; wakes those who wait for it.</summary>
internal sealed class ShardProgress(Shard shard, long catchingUpEvents)
{
    private readonly Lock gate = new();
    private readonly Broadcast changed = new();
    private TaskCompletionSource lost = new();
    private long position;
    private long epoch;
    private long changes;
    private string? owner;
    private ShardState? trouble;
    private string? lastError;
    private FailingEvent? failing;
    private long deadLetters;
    private DateTimeOffset? pendingSince;

    public Shard Shard { get; } = shard;

    /// <summary>Raised when somebody asks a stopped shard to go on.</summary>
    public Broadcast Resumed { get; } = new();

    /// <summary>Ends with the next change. To be taken before looking.</summary>
    public Task Changed => changed.Next;

    public long Position => Interlocked.Read(ref position);

    public bool OwnedHere { get; private set; }

    /// <summary>To be taken before the stored progress is read, and given back with it.</summary>
    public long Changes => Interlocked.Read(ref changes);

    /// <summary>The task ends when somebody else is heard to be the owner since.</summary>
    public Task Own(StoredProgress stored)
    {
        var ownership = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Change(() =>
        {
            // A page that cannot be applied is still to come; any other trouble is over.
            if (failing is null || stored.Failing != failing)
                Clear();
            (OwnedHere, owner, epoch, lost) = (true, stored.Owner, stored.Epoch, ownership);
            (position, deadLetters) = (stored.Position, stored.DeadLetters);
        });
        return ownership.Task;
    }

    public void Disown() => Change(() =>
    {
        if (OwnedHere)
            (OwnedHere, owner) = (false, null);
    });

    /// <summary>
    /// Waits for its turn to be the owner; whatever stopped it before does not any more. Whether it is paused is known
    /// when the stored progress is read.
    /// </summary>
    public void Stand() => Change(() =>
    {
        if (trouble != ShardState.Paused)
            Clear();
    });

    /// <summary>Begins to apply a page; <paramref name="first"/> is the oldest event not applied.</summary>
    public void Begin(StoredEvent first)
    {
        lock (gate)
            pendingSince = first.Timestamp;
    }

    public void Advance(long reached) => Change(() => Reach(reached));

    public void Skipped(long reached) => Change(() =>
    {
        deadLetters++;
        Reach(reached);
    });

    /// <summary>Remembers what went wrong until it goes well again.</summary>
    public void Fail(string error) => Change(() => (trouble, lastError) = (ShardState.Retrying, error));

    public void Pause(FailingEvent at) =>
        Change(() => (trouble, lastError, failing) = (ShardState.Paused, at.Error, at));

    /// <summary>Waits until somebody asks the shard to go on, or until the time is over.</summary>
    public async Task WaitForResumeAsync(TimeSpan time, TimeProvider clock, CancellationToken cancellationToken) =>
        await Task.WhenAny(Resumed.Next, Task.Delay(time, clock, cancellationToken));

    public void Refuse(string reason) => Change(() => (trouble, lastError) = (ShardState.Refused, reason));

    /// <summary>
    /// Another process told how far it is. Within one ownership the position only rises, and announcements may be late;
    /// a later owner may begin further back. Whoever believes to be the owner learns here that it is not any more.
    /// </summary>
    public void Heard(long reached, long inEpoch, string toldBy) => Change(() =>
    {
        if (inEpoch < epoch || (OwnedHere && inEpoch == epoch))
            return;
        if (OwnedHere)
            lost.SetResult();
        OwnedHere = false;
        position = inEpoch == epoch ? Math.Max(position, reached) : reached;
        (epoch, owner) = (inEpoch, toldBy);
    });

    /// <summary>
    /// The stored progress was read. It is what counts, unless something was heard since <paramref name="readAt"/>.
    /// </summary>
    public void Read(StoredProgress stored, long readAt) => Change(() =>
    {
        if (OwnedHere || changes != readAt)
            return;
        (position, epoch, owner, deadLetters) = (stored.Position, stored.Epoch, stored.Owner, stored.DeadLetters);
        pendingSince = stored.PendingSince;
        if (trouble is not (null or ShardState.Paused))
            return;
        (trouble, failing) = (stored.Failing is null ? null : ShardState.Paused, stored.Failing);
        lastError = stored.Failing?.Error;
    });

    /// <summary>What is known now.</summary>
    /// <param name="end">The end of the log.</param>
    /// <param name="oldest">When the first event after a position was written, if that is in memory.</param>
    /// <param name="now">The time.</param>
    public ShardStatus Status(long end, Func<long, DateTimeOffset?> oldest, DateTimeOffset now)
    {
        lock (gate)
        {
            var lag = Math.Max(0, end - position);
            // What is not in memory is about as old as the event that was looked at last.
            var since = lag == 0 ? null : oldest(position) ?? pendingSince;
            var lagMs = since is { } writtenAt ? Math.Max(0, (now - writtenAt).TotalMilliseconds) : 0;
            return new(
                Shard.Name, trouble ?? Untroubled(lag), position, lag, lagMs, owner, OwnedHere, lastError, failing,
                deadLetters);
        }
    }

    private ShardState Untroubled(long lag) => !OwnedHere ? ShardState.Standby
        : lag > catchingUpEvents ? ShardState.CatchingUp
        : ShardState.Running;

    // What the former owner has yet to tell of itself says nothing of the position any more.
    private void Reach(long reached)
    {
        if (!OwnedHere)
            return;
        position = reached;
        Clear();
    }

    private void Clear() => (trouble, lastError, failing) = (null, null, null);

    private void Change(Action change)
    {
        lock (gate)
        {
            change();
            changes++;
        }

        changed.Raise();
    }
}
