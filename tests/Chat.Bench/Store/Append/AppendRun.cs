namespace Chat.Bench.Store.Append;

/// <summary>What one run of appends gave.</summary>
/// <param name="Events">Appended within the stretch that counts.</param>
/// <param name="Seconds">The length of that stretch.</param>
/// <param name="Failed">Appends that failed, over the whole run.</param>
/// <param name="LatencyMs">Milliseconds from call to answer.</param>
/// <param name="Batches">The sizes of the transactions, in order.</param>
/// <param name="Cost">What it took.</param>
internal sealed record AppendRun(
    int Events, double Seconds, int Failed, Percentiles LatencyMs, IReadOnlyList<int> Batches, Cost Cost)
{
    public double PerSecond => Events / Seconds;

    public double FailedPercent => 100.0 * Failed / Math.Max(1, Events + Failed);
}
