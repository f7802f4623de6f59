namespace Chat.EventStore.Tests;

/// <summary>Long reads fetch pages ahead; what they find is the same.</summary>
public sealed class ReadAheadTests(StoreDatabase database) : StoreTest(database)
{
    private readonly Guid room = Guid.NewGuid();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(8, 3)]
    public async Task A_long_stream_is_read_on_several_connections_where_they_are_to_spare(int spare, int connections)
    {
        var store = NewStore(
            options => (options.ReadPageEvents, options.ReadAheadConnections) = (10, spare),
            connect => connect.ApplicationName = "reading");
        await FillAsync(95);

        (await VersionsAsync(store)).ShouldBe(Range(1, 95));
        (await ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'reading'"))
            .ShouldBe(connections);
        store.Log.Places.Free.ShouldBe(spare);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(30)]
    [InlineData(31)]
    public async Task Ends_of_pages_and_streams_may_meet(int events)
    {
        var store = NewStore(options => options.ReadPageEvents = 10);
        await FillAsync(events);

        (await VersionsAsync(store)).ShouldBe(Range(1, events));
        (await store.ReadStreamAsync(room, 4, 25, Stop).Select(one => one.Version).ToListAsync(Stop))
            .ShouldBe(Range(4, Math.Min(25, events)));
    }

    [Theory]
    [InlineData("version BETWEEN 33 AND 36")]
    [InlineData("version BETWEEN 21 AND 40")]
    [InlineData("version <= 25")]
    [InlineData("version % 2 = 0")]
    public async Task A_hole_leaves_out_nothing_else(string gone)
    {
        var store = NewStore(options => options.ReadPageEvents = 10);
        await FillAsync(95);
        await ExecuteAsync($"DELETE FROM mt_events WHERE {gone}");
        var left = await ScalarAsync<long[]>("SELECT array_agg(version ORDER BY version) FROM mt_events");

        (await VersionsAsync(store)).ShouldBe(left);
    }

    [Fact]
    public async Task Large_events_end_pages_early_without_a_loss()
    {
        var store = NewStore(options => (options.ReadPageEvents, options.ReadPageBytes) = (10, 500));
        await FillAsync(95, new('x', 100));

        (await VersionsAsync(store)).ShouldBe(Range(1, 95));
        (await store.ReadAllAsync(0, cancellationToken: Stop).CountAsync(Stop)).ShouldBe(95);
    }

    [Fact]
    public async Task What_is_appended_meanwhile_does_not_confuse_it()
    {
        var store = NewStore(options => options.ReadPageEvents = 10);
        await FillAsync(95);
        var versions = new List<long>();
        await foreach (var one in store.ReadStreamAsync(room, cancellationToken: Stop))
        {
            versions.Add(one.Version);
            if (one.Version % 20 == 0 && one.Version < 100)
                await PostAsync(room);
        }

        versions.ShouldBe(Range(1, versions.Count));
        versions.Count.ShouldBeInRange(95, 100);
    }

    [Fact]
    public async Task Who_stops_early_leaves_nothing_behind()
    {
        var store = NewStore(options => options.ReadPageEvents = 10);
        await FillAsync(95);

        (await store.ReadStreamAsync(room, cancellationToken: Stop).Take(3).CountAsync(Stop)).ShouldBe(3);
        (await store.ReadAllAsync(0, cancellationToken: Stop).Take(25).CountAsync(Stop)).ShouldBe(25);
        store.Log.Places.Free.ShouldBe(new EventStoreOptions().ReadAheadConnections);
        (await VersionsAsync(store)).ShouldBe(Range(1, 95));
    }

    [Fact]
    public async Task A_cancelled_read_ends()
    {
        var store = NewStore(options => options.ReadPageEvents = 10);
        await FillAsync(95);
        using var cancelling = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var one in store.ReadStreamAsync(room, cancellationToken: cancelling.Token))
            {
                if (one.Version == 35)
                    await cancelling.CancelAsync();
            }
        });
        store.Log.Places.Free.ShouldBe(new EventStoreOptions().ReadAheadConnections);
    }

    [Fact]
    public void Places_are_bounded()
    {
        var places = new ReadAheadPlaces(2);
        places.TryTake().ShouldBeTrue();
        places.TryTake().ShouldBeTrue();
        places.TryTake().ShouldBeFalse();
        places.Return();
        places.TryTake().ShouldBeTrue();
    }

    private static IEnumerable<long> Range(int first, int last) =>
        Enumerable.Range(first, Math.Max(0, last - first + 1)).Select(n => (long)n);

    private ValueTask<List<long>> VersionsAsync(EventStore store) =>
        store.ReadStreamAsync(room, cancellationToken: Stop).Select(one => one.Version).ToListAsync(Stop);

    private Task<AppendResult> FillAsync(int events, string text = "x") => Store.AppendAsync(
        new()
        {
            StreamId = room,
            Events =
            [
                .. Enumerable.Range(0, events).Select(i => new NewEvent(Guid.NewGuid(), new MessagePosted(text, i))),
            ],
        },
        Stop);
}
