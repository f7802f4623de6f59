using System.Diagnostics;

namespace Chat.Bench.Store;

/// <summary>Of times, in milliseconds.</summary>
internal sealed record Percentiles(double P50, double P99, double P999, double Max)
{
    public static readonly Percentiles None = new(double.NaN, double.NaN, double.NaN, double.NaN);

    /// <summary>Of times in any order.</summary>
    /// <param name="ticks">Of the monotonic clock.</param>
    public static Percentiles Of(IEnumerable<long> ticks)
    {
        var sorted = ticks.Order().ToArray();
        return sorted.Length == 0 ? None : new(At(sorted, 50), At(sorted, 99), At(sorted, 99.9), At(sorted, 100));
    }

    /// <summary>The smallest value that at least this many percent of all do not exceed.</summary>
    private static double At(long[] sorted, double percent)
    {
        var rank = (int)Math.Ceiling(percent / 100 * sorted.Length);
        return sorted[Math.Max(rank, 1) - 1] * 1000.0 / Stopwatch.Frequency;
    }
}
