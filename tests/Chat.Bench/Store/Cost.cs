using System.Globalization;

namespace Chat.Bench.Store;

/// <summary>What a stretch of work took, for each event.</summary>
/// <param name="ClientMicroseconds">Processor time of this process.</param>
/// <param name="ServerMicroseconds">Processor time of PostgreSQL, all its processes; NaN where it is not known.</param>
/// <param name="AllocatedBytes">Bytes allocated by this process.</param>
internal sealed record Cost(double ClientMicroseconds, double ServerMicroseconds, double AllocatedBytes)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"client {ClientMicroseconds:F1} us, server {ServerMicroseconds:F1} us, {AllocatedBytes:F0} B allocated");
}

/// <summary>The meter readings from which a <see cref="Cost"/> is the difference.</summary>
internal readonly record struct CostReading(TimeSpan Client, TimeSpan Server, long Allocated)
{
    public static CostReading Now(ServerProcesses server) =>
        new(Environment.CpuUsage.TotalTime, server.ProcessorTime(), GC.GetTotalAllocatedBytes());

    public Cost Since(CostReading start, int events)
    {
        var count = Math.Max(1, events);
        return new(
            (Client - start.Client).TotalMicroseconds / count,
            Server == TimeSpan.MinValue ? double.NaN : (Server - start.Server).TotalMicroseconds / count,
            (double)(Allocated - start.Allocated) / count);
    }
}
