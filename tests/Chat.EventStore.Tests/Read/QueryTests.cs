namespace Chat.EventStore.Tests;

/// <summary>Filtered reads against the same conditions over a list.</summary>
public sealed class QueryTests(StoreDatabase database) : StoreTest(database)
{
    private static readonly string[] Types = ["message_posted", "message_edited", "room_opened", "reacted"];

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Guid room = Guid.NewGuid();

    [Fact]
    public async Task Any_conditions_together_find_what_they_say()
    {
        var store = NewStore(options => options.ReadPageEvents = 4);
        await FillAsync(60);
        var all = await store.ReadStreamAsync(room, cancellationToken: Stop).ToListAsync(Stop);
        all.Count.ShouldBe(60);
        var seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage("seed {0}", seed);
        var random = new Random(seed);
        for (var i = 0; i < 150; i++)
        {
            var query = new StreamQuery
            {
                FromVersion = random.Next(-1, 65),
                ToVersion = random.Next(3) == 0 ? null : random.Next(0, 70),
                AsOf = random.Next(2) == 0 ? null : Start.AddMinutes(random.Next(-1, 62)),
                EventTypeNames = random.Next(2) == 0 ? null : [.. Types.Where(_ => random.Next(2) == 0)],
                Backwards = random.Next(2) == 0,
            };
            var expected = all.Where(one => one.Version >= query.FromVersion && one.Version <= (query.ToVersion ?? 100)
                && one.Timestamp <= (query.AsOf ?? DateTimeOffset.MaxValue)
                && query.EventTypeNames?.Contains(one.EventTypeName) != false).Select(one => one.Version);
            (await store.ReadStreamAsync(room, query, Stop).Select(one => one.Version).ToListAsync(Stop))
                .ShouldBe(query.Backwards ? expected.Reverse() : expected, $"seed {seed}, {query}");
        }
    }

    [Fact]
    public async Task The_newest_come_first_and_cost_one_page()
    {
        await FillAsync(30);

        var newest = await Store.ReadStreamAsync(room, new StreamQuery { Backwards = true }, Stop)
            .Take(3).Select(one => one.Version).ToListAsync(Stop);

        newest.ShouldBe([30, 29, 28]);
    }

    [Fact]
    public async Task A_stream_folds_as_of_a_time()
    {
        await FillAsync(10);

        var count = await Store.AggregateStreamAsync<int>(
            room, (state, _) => state + 1, new StreamQuery { AsOf = Start.AddMinutes(4) }, cancellationToken: Stop);

        count.ShouldBe(4);
    }

    [Fact]
    public async Task The_log_is_read_by_types_in_order()
    {
        var store = NewStore(options => options.ReadPageEvents = 5);
        await FillAsync(60);
        var all = await store.ReadAllAsync(0, cancellationToken: Stop).ToListAsync(Stop);

        foreach (var types in new[] { Types[..1], Types[..2], Types, [Types[0], Types[0]], ["unheard_of"], [] })
        {
            var query = new LogQuery { AfterSequence = 7, ThroughSequence = 50, EventTypeNames = types };
            (await store.ReadAllAsync(query, Stop).Select(one => one.Sequence).ToListAsync(Stop)).ShouldBe(
                all.Where(one => one.Sequence is > 7 and <= 50 && types.Contains(one.EventTypeName))
                    .Select(one => one.Sequence));
        }
    }

    [Fact]
    public async Task Types_are_limited_in_number()
    {
        string[] tooMany = [.. Enumerable.Range(0, LogQuery.MaxEventTypes + 1).Select(i => $"type_{i}")];

        await Should.ThrowAsync<ArgumentException>(async () =>
            await Store.ReadAllAsync(new LogQuery { EventTypeNames = tooMany }, Stop).CountAsync(Stop));
        await Should.ThrowAsync<ArgumentException>(async () =>
            await Store.ReadStreamAsync(room, new StreamQuery { EventTypeNames = tooMany }, Stop).CountAsync(Stop));
        (await Store.ReadAllAsync(new LogQuery { EventTypeNames = tooMany[1..] }, Stop).CountAsync(Stop)).ShouldBe(0);
    }

    [Fact]
    public void Limits_are_checked()
    {
        Action<EventStoreOptions>[] wrong =
        [
            options => options.ReadAheadConnections = -1,
            options => options.SnapshotEveryEvents = 0,
            options => options.MaxSnapshotBytes = 0,
            options => options.RewrapPageKeys = 0,
        ];
        foreach (var change in wrong)
            Should.Throw<InvalidOperationException>(Options(change).Validate);
    }

    // Types and times differ from event to event; the store itself writes one time for a whole append.
    private async Task FillAsync(int events)
    {
        await Store.AppendAsync(
            new()
            {
                StreamId = room,
                Events = [.. Enumerable.Range(0, events).Select(i => new NewEvent(Guid.NewGuid(), Data(i % 7)))],
            },
            Stop);
        await using var command = DataSource.CreateCommand(
            "UPDATE mt_events SET timestamp = $1 + version * interval '1 minute'");
        command.Parameters.Add(new() { Value = Start.UtcDateTime });
        await command.ExecuteNonQueryAsync(Stop);

        static object Data(int kind) => kind switch
        {
            0 => new RoomOpened("x", Guid.NewGuid()),
            1 or 2 => new MessageEdited("x"),
            3 => new Reacted([]),
            _ => new MessagePosted("x", kind),
        };
    }
}
