namespace Chat.EventStore.Tests;

public sealed class AppendIntervalTests(StoreDatabase database) : StoreTest(database)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1.5);

    private readonly Guid room = Guid.NewGuid();

    [Fact]
    public async Task What_arrives_within_the_interval_is_committed_together()
    {
        var store = NewStore(options => options.AppendInterval = Interval);
        await store.AppendAsync(Post(room), Stop);
        await Task.Delay(Interval, Stop);
        await store.AppendAsync(Post(room), Stop);
        var waiting = new List<Task<AppendResult>>();
        for (var i = 0; i < 5; i++)
        {
            waiting.Add(store.AppendAsync(Post(room), Stop));
            await Task.Delay(TimeSpan.FromMilliseconds(20), Stop);
        }

        waiting.ShouldAllBe(append => !append.IsCompleted);
        await Task.WhenAll(waiting);

        // All events of a batch have the time at which it was written.
        var written = await store.ReadStreamAsync(room, cancellationToken: Stop)
            .Select(stored => stored.Timestamp).ToListAsync(Stop);
        written.Count.ShouldBe(7);
        written[2..].Distinct().Count().ShouldBe(1);
        (written[2] - written[1]).ShouldBeGreaterThan(Interval - TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task Who_appends_after_a_silence_does_not_wait()
    {
        var store = NewStore(options => options.AppendInterval = Interval);
        for (var i = 0; i < 2; i++)
        {
            var began = TimeProvider.System.GetTimestamp();
            await store.AppendAsync(Post(room), Stop);
            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(Interval);
            await Task.Delay(Interval, Stop);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(30_000)]
    public void It_is_shorter_than_the_deadline(int milliseconds)
    {
        var options = Options(change => change.AppendInterval = TimeSpan.FromMilliseconds(milliseconds));

        Should.Throw<InvalidOperationException>(options.Validate).Message.ShouldContain("AppendInterval");
    }
}
