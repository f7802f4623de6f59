namespace Chat.GraphQL.Tests.Limits;

/// <summary>Tests that measure what the process spends: nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(Measured), DisableParallelization = true)]
public sealed class Measured;

/// <summary>What a request costs the process, the client's small part included.</summary>
public readonly record struct Spent(TimeSpan Cpu, long AllocatedBytes)
{
    private const int Tries = 8;
    private static readonly TimeSpan CpuMax = TimeSpan.FromMilliseconds(100);
    private const long AllocatedBytesMax = 24 * 1024 * 1024;

    /// <summary>
    /// Fails when no try stays within the limits. The first ones compile code, and on any the process may do something
    /// else beside; the least is what the request costs.
    /// </summary>
    public static async Task ShouldBeLittleAsync(Func<Task> request)
    {
        var least = new Spent(TimeSpan.MaxValue, long.MaxValue);
        for (var i = 0; i < Tries && !least.IsLittle; i++)
        {
            var one = await OfAsync(request);
            least = new Spent(
                one.Cpu < least.Cpu ? one.Cpu : least.Cpu, Math.Min(one.AllocatedBytes, least.AllocatedBytes));
        }

        least.Cpu.ShouldBeLessThan(CpuMax);
        least.AllocatedBytes.ShouldBeLessThan(AllocatedBytesMax);
    }

    private bool IsLittle => Cpu < CpuMax && AllocatedBytes < AllocatedBytesMax;

    private static async Task<Spent> OfAsync(Func<Task> request)
    {
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var cpu = Environment.CpuUsage.TotalTime;
        await request();
        return new Spent(
            Environment.CpuUsage.TotalTime - cpu, GC.GetTotalAllocatedBytes(precise: true) - allocated);
    }
}
