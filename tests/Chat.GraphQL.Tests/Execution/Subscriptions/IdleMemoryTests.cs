namespace Chat.GraphQL.Tests.Execution.Subscriptions;

/// <summary>What a subscription costs that waits for something to happen.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class IdleMemoryTests(ITestOutputHelper output)
{
    private const int Count = 10_000;

    /// <summary>Far above what was measured: it is about an order of magnitude, not about bytes.</summary>
    private const int MaxBytes = 8 * 1024;

    [Theory]
    [InlineData("subscription { story { number counted } }")]
    [InlineData("subscription { ownStory { number } }")]
    public async Task An_idle_subscription_is_small_and_leaves_nothing_behind(string query)
    {
        await using var server = Newsroom.Start();
        var news = server.Service<Newsroom>();
        await using (await Crowd.OfAsync(server, 1, _ => (query, null, null)))
        {
            // What all subscriptions share is there now.
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var all = await Crowd.OfAsync(server, Count, _ => (query, null, null));
        foreach (var member in all.Members)
            member.Begin();
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
        output.WriteLine($"{bytes} bytes of managed memory per subscription, its source and its test included");
        bytes.ShouldBeLessThan(MaxBytes);
        await all.DisposeAsync();
        news.Readers.ShouldBe(0);
        server.Executor.Groups.Count.ShouldBe(0);
    }
}

/// <summary>Memory is that of the whole process: no other test may run meanwhile.</summary>
[CollectionDefinition(nameof(MeasuredAlone), DisableParallelization = true)]
public sealed class MeasuredAlone;
