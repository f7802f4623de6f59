namespace Chat.EventStore.Tests;

public sealed class DataKeyCacheTests
{
    private static readonly DataKey Key = new() { Bytes = new byte[32] };

    private readonly ManualClock clock = new();
    private readonly Guid ada = Guid.NewGuid();
    private readonly DataKeyCache cache;

    public DataKeyCacheTests() => cache = new(entriesMax: 3, TimeSpan.FromMinutes(1), clock);

    [Fact]
    public void A_key_is_looked_up_again_after_its_time()
    {
        cache.Add(ada, Key, cache.Generation);
        clock.Advance(TimeSpan.FromSeconds(59));
        cache.Find(ada).ShouldBe(Key);
        clock.Advance(TimeSpan.FromSeconds(1));
        cache.Find(ada).ShouldBeNull();
    }

    [Fact]
    public void The_oldest_leaves_first()
    {
        cache.Add(ada, Key, cache.Generation);
        for (var i = 0; i < 3; i++)
            cache.Add(Guid.NewGuid(), Key, cache.Generation);

        cache.Find(ada).ShouldBeNull();
        cache.Count.ShouldBe(3);
    }

    [Fact]
    public void A_key_erased_while_it_was_looked_up_is_not_kept()
    {
        var lookedUpAt = cache.Generation;
        cache.Forget(ada);
        cache.Add(ada, Key, lookedUpAt);

        cache.Find(ada).ShouldBeNull();
    }
}
