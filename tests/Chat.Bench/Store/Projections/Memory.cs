using System.Globalization;

namespace Chat.Bench.Store.Projections;

/// <summary>Memory of this process in bytes, before and at the greatest seen.</summary>
internal sealed record Memory(long ManagedBefore, long ManagedPeak, long ResidentBefore, long ResidentPeak)
{
    private const double Megabyte = 1024 * 1024;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"managed {ManagedBefore / Megabyte:F0} to at most {ManagedPeak / Megabyte:F0} MB, resident {
            ResidentBefore / Megabyte:F0} to at most {ResidentPeak / Megabyte:F0} MB");
}

/// <summary>Looks at the memory of this process again and again while something runs.</summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource stopping = new();
    private readonly Task watching;
    private readonly Memory start;
    private long managedPeak;
    private long residentPeak;

    public MemoryWatch()
    {
        // What earlier rounds left must not count.
        GC.Collect();
        start = new(Managed, Managed, Environment.WorkingSet, Environment.WorkingSet);
        (managedPeak, residentPeak) = (start.ManagedBefore, start.ResidentBefore);
        watching = WatchAsync();
    }

    private static long Managed => GC.GetTotalMemory(forceFullCollection: false);

    public Memory Seen => start with { ManagedPeak = managedPeak, ResidentPeak = residentPeak };

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await watching;
        stopping.Dispose();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                managedPeak = Math.Max(managedPeak, Managed);
                residentPeak = Math.Max(residentPeak, Environment.WorkingSet);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }
}
