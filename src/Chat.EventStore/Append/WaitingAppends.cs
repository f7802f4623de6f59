namespace Chat.EventStore;

/// <summary>
/// The writer's side of the queue: forms batches, and keeps what has to wait for a later one. The appends of a stream
/// never overtake each other; a stream that has to wait holds up no other.
/// </summary>
internal sealed class WaitingAppends(AppendQueue queue, EventStoreOptions options)
{
    /// <summary>How long the appends of a stream whose row somebody else has locked are put off each time.</summary>
    public static readonly TimeSpan BusyDelay = TimeSpan.FromMilliseconds(20);

    private readonly Dictionary<Guid, long> busySince = [];
    private readonly List<PendingAppend> putOff = [];
    private List<PendingAppend> deferred = [];
    private Task<bool>? arrival;

    private bool IsFull => deferred.Count >= options.AppendQueueCapacity;

    /// <summary>Waits until there may be something to write; false when nothing more comes.</summary>
    public async Task<bool> AnyAsync()
    {
        if (deferred.Count + putOff.Count == 0)
            return await queue.Reader.WaitToReadAsync(CancellationToken.None);
        if (!deferred.TrueForAll(IsBusy))
            return true;

        var pause = Task.Delay(BusyDelay, options.Clock, CancellationToken.None);
        await (IsFull ? pause : Task.WhenAny(ArrivalAsync(), pause));
        return true;
    }

    /// <summary>The next batch; empty when all that waits has to go on waiting.</summary>
    public List<PendingAppend> Next()
    {
        var batch = new AppendBatch(options.MaxBatchEvents, options.MaxBatchBytes);
        List<PendingAppend> before = [.. putOff, .. deferred];
        putOff.Clear();
        deferred = [];
        ForgetOldBusyStreams();
        foreach (var pending in before)
            AdmitOrDefer(pending);

        // Those that wait count as queued: past the queue's capacity nothing more is taken from it.
        while (!IsFull
            && queue.Reader.TryPeek(out var next)
            && batch.HasRoomFor(next.Append)
            && queue.Reader.TryRead(out next))
        {
            AdmitOrDefer(next);
        }

        // From here on a cancel is too late; until here it takes the append out, wherever it waits.
        return batch.Appends.FindAll(pending => pending.Take());

        void AdmitOrDefer(PendingAppend pending)
        {
            if (pending.IsWithdrawn)
                return;
            if (IsBusy(pending) || !batch.Admit(pending))
                deferred.Add(pending);
        }
    }

    /// <summary>Puts off appends whose streams are locked, in front of what came later.</summary>
    public void PutOff(IReadOnlyList<PendingAppend> busy)
    {
        foreach (var pending in busy)
        {
            pending.PutOff();
            busySince[pending.Append.StreamId] = options.Clock.GetTimestamp();
        }

        putOff.AddRange(busy);
    }

    /// <summary>
    /// Puts off the appends of a batch to streams that have turned out to be locked since it was formed.
    /// </summary>
    public List<PendingAppend> PutOffBusy(List<PendingAppend> appends)
    {
        if (busySince.Count == 0)
            return appends;
        PutOff(appends.FindAll(IsBusy));
        return appends.FindAll(pending => !IsBusy(pending));
    }

    private bool IsBusy(PendingAppend pending) => busySince.ContainsKey(pending.Append.StreamId);

    private async Task ArrivalAsync()
    {
        // Kept from one round to the next: each call would leave another waiter behind.
        arrival ??= queue.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
        if (await arrival)
            arrival = null;
        else
            await Task.Delay(BusyDelay, options.Clock, CancellationToken.None);
    }

    private void ForgetOldBusyStreams()
    {
        foreach (var (stream, since) in busySince)
        {
            if (options.Clock.GetElapsedTime(since) >= BusyDelay)
                busySince.Remove(stream);
        }
    }
}
