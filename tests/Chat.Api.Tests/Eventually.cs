using System.Diagnostics;

namespace Chat.Api.Tests;

/// <summary>Waits, within a bound, for what happens soon.</summary>
public static class Eventually
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan? within = null)
    {
        var limit = within ?? TimeSpan.FromSeconds(10);
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > limit)
                throw new TimeoutException($"It did not become true within {limit.TotalSeconds} s.");
            await Task.Delay(Step);
        }
    }
}
