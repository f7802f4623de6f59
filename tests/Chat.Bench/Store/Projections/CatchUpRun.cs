namespace Chat.Bench.Store.Projections;

/// <summary>What it took to get a read model to the end of a log.</summary>
internal sealed record CatchUpRun(long Events, TimeSpan Took, Memory Memory, Cost Cost)
{
    public double PerSecond => Events / Took.TotalSeconds;
}
