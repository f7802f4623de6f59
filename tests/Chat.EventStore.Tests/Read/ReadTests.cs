namespace Chat.EventStore.Tests;

public sealed class ReadTests(StoreDatabase database) : StoreTest(database)
{
    private readonly Guid room = Guid.NewGuid();

    [Fact]
    public async Task A_stream_is_read_between_versions_over_many_pages()
    {
        var store = NewStore(options => options.ReadPageEvents = 3);
        await FillAsync(20);

        (await store.ReadStreamAsync(room, cancellationToken: Stop).Select(one => one.Version).ToListAsync(Stop))
            .ShouldBe(Enumerable.Range(1, 20).Select(n => (long)n));
        (await store.ReadStreamAsync(room, 5, 11, Stop).Select(one => one.Version).ToListAsync(Stop))
            .ShouldBe([5, 6, 7, 8, 9, 10, 11]);
        (await store.ReadStreamAsync(room, 21, cancellationToken: Stop).ToListAsync(Stop)).ShouldBeEmpty();
        (await store.ReadStreamAsync(Guid.NewGuid(), cancellationToken: Stop).ToListAsync(Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_log_is_read_after_a_sequence_over_many_pages()
    {
        var store = NewStore(options => options.ReadPageEvents = 4);
        await FillAsync(20);

        (await store.ReadAllAsync(0, cancellationToken: Stop).Select(one => one.Sequence).ToListAsync(Stop))
            .ShouldBe(Enumerable.Range(1, 20).Select(n => (long)n));
        (await store.ReadAllAsync(17, 19, Stop).Select(one => one.Sequence).ToListAsync(Stop)).ShouldBe([18, 19]);
    }

    [Fact]
    public async Task Large_events_end_a_page_early()
    {
        var store = NewStore(options => (options.ReadPageEvents, options.ReadPageBytes) = (100, 2000));
        for (var i = 0; i < 10; i++)
            await PostAsync(room, new('x', 1500));

        (await store.Log.ReadAllPageAsync(0, long.MaxValue, 100, Stop)).Events.Count.ShouldBe(2);
        (await store.ReadAllAsync(0, cancellationToken: Stop).CountAsync(Stop)).ShouldBe(10);
    }

    [Fact]
    public async Task A_stream_folds_into_a_value_from_a_snapshot_too()
    {
        await FillAsync(10);

        var sum = await Store.AggregateStreamAsync<int>(room, Add, cancellationToken: Stop);
        var before = await Store.AggregateStreamAsync<int>(room, Add, toVersion: 6, cancellationToken: Stop);
        var resumed = await Store.AggregateStreamAsync(
            room, Add, seed: before, fromVersion: 7, cancellationToken: Stop);

        sum.ShouldBe(45);
        resumed.ShouldBe(sum);
        (await Store.AggregateStreamAsync<string>(Guid.NewGuid(), (_, _) => "x", cancellationToken: Stop))
            .ShouldBeNull();

        static int Add(int state, StoredEvent one) => state + ((MessagePosted)one.Data).Number;
    }

    [Fact]
    public async Task A_stream_has_a_state()
    {
        var first = await PostAsync(room);
        var last = await PostAsync(room);

        var state = (await Store.FetchStreamStateAsync(room, Stop)).ShouldNotBeNull();
        state.ShouldBe(new(room, "room", 2, first.Timestamp, last.Timestamp, false));
    }

    [Fact]
    public async Task An_unknown_event_hinders_only_who_needs_its_data()
    {
        await PostAsync(room);
        await ExecuteAsync("UPDATE mt_events SET type = 'from_elsewhere'");
        await PostAsync(room);

        var events = await Store.ReadStreamAsync(room, cancellationToken: Stop).ToListAsync(Stop);
        events[0].EventTypeName.ShouldBe("from_elsewhere");
        Should.Throw<UnreadableEventException>(() => events[0].Data).EventId.ShouldBe(events[0].Id);
        events[1].Data.ShouldBeOfType<MessagePosted>();
    }

    [Theory]
    [InlineData("""{"a": {"actor": "no"}, "b": ["actor"], "actor": "ann", "later": "no"}""", "ann")]
    [InlineData("""{"actor": 7}""", "7")]
    [InlineData("""{"actor": {"a": [1]}}""", """{"a": [1]}""")]
    [InlineData("""{"Actor": "ann"}""", null)]
    [InlineData("""["actor", "ann"]""", null)]
    [InlineData("{}", null)]
    [InlineData(null, null)]
    public async Task The_actor_is_found_among_headers_of_any_writer(string? headers, string? actor)
    {
        await PostAsync(room);
        await ExecuteAsync($"UPDATE mt_events SET headers = {(headers is null ? "null" : $"'{headers}'")}");

        var stored = await Store.ReadStreamAsync(room, cancellationToken: Stop).SingleAsync(Stop);
        stored.Actor.ShouldBe(actor);
        stored.Headers.GetValueOrDefault("actor").ShouldBe(actor);
    }

    private static NewEvent Numbered(int number) => new(Guid.NewGuid(), new MessagePosted("x", number));

    private Task<AppendResult> FillAsync(int events) => Store.AppendAsync(
        new()
        {
            StreamId = room,
            Events = [.. Enumerable.Range(0, events).Select(Numbered)],
        },
        Stop);
}
