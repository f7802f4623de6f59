namespace Chat.EventStore.Tests;

public sealed class BackoffTests
{
    [Fact]
    public async Task Delays_double_up_to_the_bound_and_start_again_after_a_success()
    {
        var clock = new ManualClock();
        var backoff = new Backoff(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(300), clock);
        for (var i = 0; i < 6; i++)
            await backoff.DelayAsync(StoreTest.Stop);
        backoff.Reset();
        await backoff.DelayAsync(StoreTest.Stop);

        clock.Delays.Select(delay => delay.TotalMilliseconds).ShouldBe([50, 100, 200, 300, 300, 300, 50]);
    }
}
