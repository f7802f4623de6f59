using Chat.Api.Realtime;

namespace Chat.Api.Tests.Realtime;

public sealed class RoomWatchTests
{
    /// <summary>Several wake-ups, the last of them not full.</summary>
    private const int Many = (2 * RoomWakeUp.WatchesMax) + 1;

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everybody_who_waits_is_woken_when_the_head_is_there()
    {
        var feeds = new RoomFeeds();
        var roomId = Guid.NewGuid();
        var watches = Enumerable.Range(0, Many).Select(_ => feeds.Watch(roomId, Stop)).ToList();
        var feed = watches[0].Feed;
        for (var position = 1L; position <= 100; position++)
        {
            var waiting = watches.ConvertAll(watch => watch.ReachesAsync(position).AsTask());
            waiting.ShouldAllBe(wait => !wait.IsCompleted);
            feed.MoveTo(position);
            await Task.WhenAll(waiting).WaitAsync(Long, Stop);
        }

        watches[0].ReachesAsync(100).AsTask().IsCompletedSuccessfully.ShouldBeTrue();
        watches.ForEach(watch => watch.Dispose());
    }

    [Fact]
    public async Task No_move_is_missed_while_watchers_look()
    {
        const long moves = 20_000;
        var feeds = new RoomFeeds();
        var roomId = Guid.NewGuid();
        using var first = feeds.Watch(roomId, Stop);
        var watching = Enumerable.Range(0, 4).Select(_ => Task.Run(WatchAsync, Stop)).ToList();
        for (var position = 1L; position <= moves; position++)
            first.Feed.MoveTo(position);
        await Task.WhenAll(watching).WaitAsync(Long, Stop);

        async Task WatchAsync()
        {
            using var watch = feeds.Watch(roomId, Stop);
            for (var next = 1L; next <= moves; next = watch.Feed.Head + 1)
                await watch.ReachesAsync(next);
        }
    }

    [Fact]
    public async Task A_wait_ends_with_its_token_whenever_that_fires()
    {
        var feeds = new RoomFeeds();
        var roomId = Guid.NewGuid();
        using var other = feeds.Watch(roomId, Stop);
        for (var position = 1L; position <= 2_000; position++)
        {
            using var stopping = new CancellationTokenSource();
            using var watch = feeds.Watch(roomId, stopping.Token);
            var cancelling = Task.Run(stopping.Cancel, Stop);
            // In every other round the head moves at the same time: who waits goes on for one reason or the other.
            var moves = position % 2 == 0 ? Task.Run(() => other.Feed.MoveTo(position), Stop) : Task.CompletedTask;
            var wait = watch.ReachesAsync(position % 2 == 0 ? position : long.MaxValue - 1).AsTask();
            (await Task.WhenAny(wait, Task.Delay(Long, Stop))).ShouldBe(wait);
            (wait.IsCanceled || (position % 2 == 0 && wait.IsCompletedSuccessfully)).ShouldBeTrue();
            await Task.WhenAll(cancelling, moves);
        }
    }

    [Fact]
    public void A_wait_after_the_token_has_fired_is_over()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        using var watch = new RoomFeeds().Watch(Guid.NewGuid(), stopped.Token);

        watch.ReachesAsync(1).AsTask().IsCanceled.ShouldBeTrue();
    }
}
