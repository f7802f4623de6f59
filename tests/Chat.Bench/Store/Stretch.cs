using System.Diagnostics;

namespace Chat.Bench.Store;

/// <summary>
/// The stretch of time that counts, by the monotonic clock, which all processes of a machine share.
/// </summary>
internal readonly record struct Stretch(long From, long To)
{
    public TimeSpan Length => Stopwatch.GetElapsedTime(From, To);

    public static Stretch After(TimeSpan warmUp, TimeSpan length)
    {
        var from = Stopwatch.GetTimestamp() + Ticks(warmUp);
        return new(from, from + Ticks(length));
    }

    public static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    public bool Contains(long timestamp) => timestamp >= From && timestamp < To;

    public static async Task ReachedAsync(long timestamp, CancellationToken cancellation)
    {
        var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), timestamp);
        if (left > TimeSpan.Zero)
            await Task.Delay(left, cancellation);
    }
}
