namespace Chat.EventStore;

/// <summary>Growing delays between attempts, bounded.</summary>
internal sealed class Backoff(TimeSpan delayMin, TimeSpan delayMax, TimeProvider clock)
{
    private int doublings;

    public void Reset() => doublings = 0;

    public async Task DelayAsync(CancellationToken cancellationToken)
    {
        var delay = delayMin * (1L << doublings);
        if (delay < delayMax)
            doublings++;
        else
            delay = delayMax;
        await Task.Delay(delay, clock, cancellationToken);
    }
}
