using Chat.Api.Hosting;
using Chat.Api.Limits;
using Chat.Api.Realtime.Backplanes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Api.Tests.Limits;

public sealed class LocalBucketsTests
{
    private static readonly BucketSize Size = BucketSize.Of(RateLimits.Posts, scale: 1);

    private readonly ShiftedClock _clock = new();

    [Fact]
    public async Task Tokens_come_back_one_by_one()
    {
        using var node = new Node(_clock);
        var buckets = node.Buckets;
        var key = Key();
        (await TakenAsync(buckets, key, 30)).ShouldBe(10);
        var wait = (await buckets.TakeAsync(key, Size, CancellationToken.None)).ShouldNotBeNull();
        wait.ShouldBeInRange(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(500));
        _clock.Advance(wait);
        (await TakenAsync(buckets, key, 1)).ShouldBe(1);
        _clock.Advance(TimeSpan.FromHours(1));
        (await TakenAsync(buckets, key, 30)).ShouldBe(10);
    }

    [Fact]
    public async Task Full_buckets_are_forgotten()
    {
        using var node = new Node(_clock);
        var buckets = node.Buckets;
        for (var i = 0; i < 50; i++)
        {
            for (var n = 0; n < 200; n++)
                await buckets.TakeAsync(Key(), Size, CancellationToken.None);
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        buckets.Count.ShouldBeLessThan(2_000);
    }

    [Fact]
    public async Task Memory_is_bounded_while_nothing_refills()
    {
        using var node = new Node(_clock);
        var buckets = node.Buckets;
        var size = new BucketSize(10, 1e-9);
        for (var n = 0; n < LocalBuckets.BucketsMax + 10; n++)
            await buckets.TakeAsync(Key(), size, CancellationToken.None);
        buckets.Count.ShouldBeLessThanOrEqualTo(LocalBuckets.BucketsMax);
    }

    [Fact]
    public async Task Another_node_is_told_of_what_was_taken_and_of_no_more()
    {
        var wire = new Wire();
        using var first = new Node(_clock, wire);
        using var second = new Node(_clock, wire);
        await first.StartAsync();
        await second.StartAsync();
        var key = Key();
        (await TakenAsync(first.Buckets, key, 20)).ShouldBe(10);
        await Eventually.TrueAsync(async () =>
            await second.Buckets.TakeAsync(key, Size, CancellationToken.None) is not null);
        // Whatever was taken in doubt: the two nodes together give back what one would.
        _clock.Advance(TimeSpan.FromHours(1));
        (await TakenAsync(second.Buckets, key, 20)).ShouldBe(10);
        // Who posts now and then is not talked about.
        var calm = Key();
        for (var i = 0; i < 100; i++)
        {
            (await TakenAsync(first.Buckets, calm, 1)).ShouldBe(1);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        (await TakenAsync(second.Buckets, calm, 20)).ShouldBe(10);
        await first.StopAsync();
        await second.StopAsync();
    }

    private static BucketKey Key() => new(RateLimits.Posts.Name, Guid.NewGuid(), Guid.NewGuid());

    private static async Task<int> TakenAsync(LocalBuckets buckets, BucketKey key, int tries)
    {
        var taken = 0;
        for (var i = 0; i < tries; i++)
            taken += await buckets.TakeAsync(key, Size, CancellationToken.None) is null ? 1 : 0;
        return taken;
    }

    private sealed class Node : IDisposable
    {
        private readonly Signals _signals;

        public Node(TimeProvider clock, IBackplane? backplane = null)
        {
            var options = new ChatOptions();
            _signals = new Signals(
                backplane ?? new InProcessBackplane(), options, clock, NullLogger<Signals>.Instance);
            Buckets = new LocalBuckets(_signals, options, clock);
        }

        public LocalBuckets Buckets { get; }

        public Task StartAsync() => _signals.StartAsync(CancellationToken.None);

        public void Dispose() => _signals.Dispose();

        public Task StopAsync() => _signals.StopAsync(CancellationToken.None);
    }

    /// <summary>A backplane within the test.</summary>
    private sealed class Wire : IBackplane
    {
        private readonly List<Action<string>> _listeners = [];

        public int MessageBytesMax => 1_000;

        public Task SendAsync(IReadOnlyList<string> messages, CancellationToken ct)
        {
            lock (_listeners)
            {
                foreach (var message in messages)
                    _listeners.ForEach(hear => hear(message));
            }

            return Task.CompletedTask;
        }

        public Task ListenAsync(Action connected, Action<string> heard, CancellationToken ct)
        {
            lock (_listeners)
                _listeners.Add(heard);
            connected();
            return Task.Delay(Timeout.InfiniteTimeSpan, ct);
        }
    }
}
