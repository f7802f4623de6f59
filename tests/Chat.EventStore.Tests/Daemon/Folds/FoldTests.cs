namespace Chat.EventStore.Tests;

public sealed class FoldTests(StoreDatabase database) : ProjectionTest(database)
{
    [Fact]
    public async Task Tables_hold_what_the_log_comes_to_whatever_the_history_and_however_often_it_stops()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        await MakeTablesAsync();
        for (var round = 0; round < 4; round++)
        {
            var store = NewStore(options => options.TailPageEvents = 1 + random.Next(60));
            var before = await ActAsync(random, 100);
            await using var running = Run(store, All);
            // The first rounds are stopped in the middle.
            var last = await ActAsync(random, 100);
            foreach (var projection in All)
                await running.Daemon.WaitForAsync(projection.Name, round < 3 ? before : last, Patience, Stop);
        }

        await ShouldEqualLogAsync($"seed {seed}");
    }

    [Fact]
    public async Task A_page_that_fails_leaves_nothing_and_says_which_event_it_was()
    {
        await MakeTablesAsync();
        await ActAsync(new Random(1), 30);
        var bad = await PostAsync(Guid.NewGuid(), "bad");
        var isBroken = true;
        Rooms.Before = one =>
        {
            if (isBroken && one.Sequence == bad.LastSequence)
                throw new InvalidOperationException("cannot fold this");
        };
        await using var running = Run(NewStore(options => options.TailPageEvents = 1000), Rooms);
        string? error;
        while ((error = running.Daemon.Status("Rooms").LastError) is null)
            await Task.Delay(10, Stop);

        error.ShouldContain($"at {bad.LastSequence}: cannot fold this");
        isBroken = false;
        await running.Daemon.WaitForAsync("Rooms", bad.LastSequence, Patience, Stop);
    }

    [Fact]
    public async Task A_fold_can_be_told_to_skip()
    {
        await MakeTablesAsync();
        var good = await PostAsync(Guid.NewGuid());
        var bad = await PostAsync(Guid.NewGuid(), "bad");
        var last = await PostAsync(Guid.NewGuid());
        var skipping = new Rooms
        {
            Policy = FailurePolicy.Skip,
            Before = one =>
            {
                if (one.Sequence == bad.LastSequence)
                    throw new InvalidOperationException("cannot fold this");
            },
        };
        await using var running = Run(Store, skipping);

        await running.Daemon.WaitForAsync("Rooms", last.LastSequence, Patience, Stop);

        (await running.Daemon.DeadLettersAsync("Rooms", 0, 10, Stop)).ShouldHaveSingleItem().Sequence
            .ShouldBe(good.LastSequence + 1);
        (await ScalarAsync<long>("SELECT count(*) FROM test_rooms.room_summary")).ShouldBe(2);
        ((IProjection)new SkippingTable()).OnFailure.ShouldBe(FailurePolicy.Skip);
    }

    [Fact]
    public async Task Columns_have_the_types_of_the_properties()
    {
        await MakeTablesAsync();
        var columns = await ScalarAsync<string>(
            """
            SELECT string_agg(concat(column_name, ' ', data_type, CASE is_nullable WHEN 'YES' THEN ' null' END), ', '
                ORDER BY ordinal_position)
            FROM information_schema.columns WHERE table_schema = 'test_rooms' AND table_name = 'room_summary'
            """);

        columns.ShouldBe(
            "id uuid, version bigint, last_text text null, messages integer, is_loud boolean, sum bigint, "
            + "small smallint, price numeric, ratio double precision, half real, "
            + "first_at timestamp with time zone null, day date null, mood integer, last_mood integer null, "
            + "digest bytea, counts jsonb, highest integer null, order text");
        (await ScalarAsync<string>(
            "SELECT string_agg(indexname, ' ' ORDER BY indexname) FROM pg_indexes WHERE schemaname = 'test_rooms'"))
            .ShouldBe("room_summary_by_messages_sum room_summary_pkey");
    }

    [Fact]
    public async Task Making_tables_is_idempotent_also_at_the_same_time()
    {
        await MakeTablesAsync();
        await ExecuteAsync("DROP SCHEMA test_rooms CASCADE");

        await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => ProjectionTables.EnsureAsync(DataSource, Rooms, Stop)));

        (await ScalarAsync<long>("SELECT count(*) FROM test_rooms.room_summary")).ShouldBe(0);
    }

    [Fact]
    public void A_type_that_cannot_be_a_row_is_refused_with_the_reason()
    {
        Should.Throw<NotSupportedException>(() => new RowShape<DateHolder, Guid>("id", null))
            .Message.ShouldContain("DateTimeOffset");
        Should.Throw<NotSupportedException>(() => new RowShape<IntKey, Guid>("id", null))
            .Message.ShouldContain("the property Id is not of the type of the column id");
        Should.Throw<NotSupportedException>(() => new RowShape<Unmade, Guid>("id", null).CompileReader())
            .Message.ShouldContain("constructor");
        Should.Throw<ArgumentException>(() => new KeyedTable<IntKey, int>("t", "id", null, [new("nowhere")]))
            .Message.ShouldContain("nowhere");
        Should.Throw<ArgumentException>(() => new Messages("No Schema"));
        Should.Throw<ArgumentException>(() => new Messages(new string('s', ProjectionTables.MaxSchemaLength + 1)));
        new Messages(new string('s', ProjectionTables.MaxSchemaLength)).Schema.Length.ShouldBe(40);
    }

    private sealed class SkippingTable() : FlatTableProjection<PostedMessage>("test_skipping")
    {
        public override FailurePolicy OnFailure => FailurePolicy.Skip;

        protected override PostedMessage? Project(StoredEvent one) => null;
    }

    private sealed record DateHolder(DateTime At);

    private sealed record IntKey(int Id);

    private sealed class Unmade
    {
        public Unmade(string something) => Length = something.Length;

        public int Length { get; }
    }
}
