namespace Chat.EventStore;

/// <summary>Keeps the progress of a rebuild and tells it at a bounded rate.</summary>
internal sealed class RebuildReport(
    string projection, IProgress<RebuildProgress>? listener, TimeSpan interval, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly long started = clock.GetTimestamp();
    private RebuildPhase phase;
    private long done;
    private long total;
    private long events;
    private TimeSpan toldAt;

    public RebuildProgress Now
    {
        get
        {
            lock (gate)
                return At(clock.GetElapsedTime(started));
        }
    }

    /// <summary>It starts over.</summary>
    public void Begin(long through)
    {
        lock (gate)
            (phase, done, total, events) = (RebuildPhase.Loading, 0, through, 0);
        Tell();
    }

    public void Enter(RebuildPhase next)
    {
        lock (gate)
            phase = next;
        Tell();
    }

    public void Extend(long through)
    {
        lock (gate)
            total = Math.Max(total, through);
    }

    public void Reached(long sequence, int applied)
    {
        lock (gate)
        {
            done = Math.Max(done, sequence);
            total = Math.Max(total, done);
            events += applied;
            if (clock.GetElapsedTime(started) - toldAt < interval)
                return;
        }

        Tell();
    }

    private void Tell()
    {
        RebuildProgress now;
        lock (gate)
        {
            toldAt = clock.GetElapsedTime(started);
            now = At(toldAt);
        }

        listener?.Report(now);
    }

    private RebuildProgress At(TimeSpan elapsed)
    {
        var seconds = elapsed.TotalSeconds;
        TimeSpan? remaining = done > 0 && seconds > 0
            ? TimeSpan.FromSeconds((total - done) / (done / seconds))
            : null;
        return new(projection, phase, done, total, events, seconds > 0 ? events / seconds : 0, elapsed, remaining);
    }
}
