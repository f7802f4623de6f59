using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.EventStore.Tests;

public sealed class RebuildTests(StoreDatabase database) : ProjectionTest(database)
{
    private readonly RebuildOptions options = new()
    {
        PageEvents = 70,
        SwapGapEvents = 20,
        ReportInterval = TimeSpan.FromTicks(1),
        LivePatience = TimeSpan.FromMilliseconds(50),
        SwapRetryDelay = TimeSpan.FromMilliseconds(20),
        StandstillMax = TimeSpan.FromMilliseconds(500),
    };

    [Fact]
    public async Task A_rebuild_while_events_are_appended_and_projected_equals_the_live_model()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        await MakeTablesAsync();
        await ActAsync(random, 400);
        await using var running = Run(Store, All);
        using var enough = new CancellationTokenSource();
        var other = NewStore();
        var appending = Task.Run(async () =>
        {
            var last = 0L;
            while (!enough.IsCancellationRequested)
                last = await ActAsync(random, 20, other);
            return last;
        });

        foreach (var projection in All)
        {
            await GarbleAsync(projection);
            (await NewRebuild().RunAsync(projection, null, Stop)).Phase.ShouldBe(RebuildPhase.Done);
        }

        await enough.CancelAsync();
        var last = await appending;
        foreach (var projection in All)
            await running.Daemon.WaitForAsync(projection.Name, last, Patience, Stop);
        await ShouldEqualLogAsync($"seed {seed}");
        await ShouldHaveNoLeftoversAsync();
    }

    [Fact]
    public async Task More_states_than_memory_is_given_for_go_through_the_table()
    {
        await MakeTablesAsync();
        await ActAsync(new Random(5), 600);
        options.StatesMax = 5;
        options.PageEvents = 40;

        foreach (var projection in All)
            await NewRebuild().RunAsync(projection, null, Stop);

        await ShouldEqualLogAsync();
    }

    [Fact]
    public async Task A_projection_with_tables_of_its_own_making_is_rebuilt_page_by_page()
    {
        await ExecuteAsync("DROP SCHEMA IF EXISTS test_counts CASCADE");
        var counts = new Counts();
        var last = await ActAsync(new Random(6), 300);
        var reports = new Reports();

        var done = await NewRebuild().RunAsync(counts, reports, Stop);

        (await ScalarAsync<long>("SELECT sum(events)::bigint FROM test_counts.counts"))
            .ShouldBe(await ScalarAsync<long>("SELECT count(*) FROM mt_events"));
        (done.Done, done.Total, done.Remaining).ShouldBe((last, last, TimeSpan.Zero));
        done.Events.ShouldBe(await ScalarAsync<long>("SELECT count(*) FROM mt_events"));
        reports.All.Select(one => one.Phase).Distinct().ShouldBe(Enum.GetValues<RebuildPhase>());
        (await ScalarAsync<long>("SELECT last_seq_id FROM mt_event_progression WHERE name = 'Counts:All'"))
            .ShouldBe(last);
    }

    [Theory]
    [InlineData(RebuildPhase.Loading)]
    [InlineData(RebuildPhase.Indexing)]
    [InlineData(RebuildPhase.CatchingUp)]
    [InlineData(RebuildPhase.Swapping)]
    public async Task One_that_is_cancelled_leaves_the_live_model_and_nothing_else(RebuildPhase phase)
    {
        await MakeTablesAsync();
        var last = await ActAsync(new Random(7), 300);
        await using var running = Run(Store, All);
        foreach (var projection in All)
            await running.Daemon.WaitForAsync(projection.Name, last, Patience, Stop);

        foreach (var projection in All)
        {
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            var pages = 0;
            var reports = new Reports(one =>
            {
                if (one.Phase == phase && (phase != RebuildPhase.Loading || pages++ == 2))
                    cancel.Cancel();
            });
            await Should.ThrowAsync<OperationCanceledException>(
                () => NewRebuild().RunAsync(projection, reports, cancel.Token));
        }

        await ShouldHaveNoLeftoversAsync();
        last = await ActAsync(new Random(8), 20);
        foreach (var projection in All)
            await running.Daemon.WaitForAsync(projection.Name, last, Patience, Stop);
        await ShouldEqualLogAsync();
        await NewRebuild().RunAsync(Rooms, null, Stop);
    }

    [Fact]
    public async Task What_a_killed_one_left_is_removed_by_the_next()
    {
        await MakeTablesAsync();
        await ActAsync(new Random(9), 200);
        var dying = NewDataSource(connect => connect.ApplicationName = "dying");
        var killed = new Reports(one =>
        {
            if (one.Phase == RebuildPhase.Indexing)
                Kill();
        });

        await Should.ThrowAsync<NpgsqlException>(
            () => new ProjectionRebuild(Store, dying, options, NullLogger<ProjectionRebuild>.Instance)
                .RunAsync(Rooms, killed, Stop));
        await ExecuteAsync(
            "CREATE SCHEMA test_rooms__rebuild_4711; CREATE TABLE test_rooms__rebuild_4711.half (id uuid)");

        await NewRebuild().RunAsync(Rooms, null, Stop);
        await ShouldHaveNoLeftoversAsync();

        void Kill()
        {
            using var connection = DataSource.OpenConnection();
            using var command = new NpgsqlCommand(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'dying'",
                connection);
            command.ExecuteNonQuery();
        }
    }

    [Fact]
    public async Task The_second_of_two_at_once_is_refused()
    {
        await MakeTablesAsync();
        await ActAsync(new Random(10), 50);
        Exception? second = null;
        var reports = new Reports(one =>
        {
            if (one.Phase == RebuildPhase.Indexing)
                second = Record.Exception(() => NewRebuild().RunAsync(Rooms, null, Stop).GetAwaiter().GetResult());
        });

        await NewRebuild().RunAsync(Rooms, reports, Stop);

        second.ShouldBeOfType<RebuildRunningException>();
        await NewRebuild().RunAsync(Rooms, null, Stop);
    }

    [Fact]
    public async Task An_event_that_cannot_be_applied_is_named_and_the_live_model_stays()
    {
        await MakeTablesAsync();
        var last = await ActAsync(new Random(11), 200);
        await using var running = Run(Store, All);
        foreach (var projection in All)
            await running.Daemon.WaitForAsync(projection.Name, last, Patience, Stop);
        var broken = new Rooms { Before = one => _ = one.Sequence == 123 ? throw new FormatException("no") : 0 };

        var failure = await Should.ThrowAsync<EventNotAppliedException>(
            () => NewRebuild().RunAsync(broken, null, Stop));

        failure.Sequence.ShouldBe(123);
        await ShouldHaveNoLeftoversAsync();
        await ShouldEqualLogAsync();
    }

    [Fact]
    public async Task A_new_shape_comes_with_a_rebuild_and_the_daemon_goes_on_with_it()
    {
        await MakeTablesAsync();
        await ActAsync(new Random(12), 100);
        await ExecuteAsync("ALTER TABLE test_rooms.room_summary DROP COLUMN highest");
        await using var running = Run(Store, Rooms);
        while (running.Daemon.Status("Rooms").LastError is null)
            await Task.Delay(10, Stop);

        await NewRebuild().RunAsync(Rooms, null, Stop);

        await running.Daemon.WaitForAsync("Rooms", await ActAsync(new Random(13), 20), Patience, Stop);
        foreach (var projection in new ISchemaProjection[] { Words, Messages })
            await NewRebuild().RunAsync(projection, null, Stop);
        await ShouldEqualLogAsync();
    }

    [Fact]
    public async Task Progress_that_was_behind_goes_with_the_model_into_its_shards()
    {
        await MakeTablesAsync();
        var last = await ActAsync(new Random(14), 100);
        await ExecuteAsync(
            """
            INSERT INTO mt_event_progression (name, last_seq_id) VALUES
                ('Rooms:1of2', 3), ('Rooms:2of2', 5), ('Rooms:x1of2', 1), ('OtherRooms:All', 1)
            """);

        await NewRebuild().RunAsync(Rooms, null, Stop);

        (await ScalarAsync<string>(
            """
            SELECT string_agg(concat(name, ' ', last_seq_id), ', ' ORDER BY name COLLATE "C") FROM mt_event_progression
            """))
            .ShouldBe($"OtherRooms:All 1, Rooms:All {last}, Rooms:x1of2 1");
    }

    [Fact]
    public async Task What_was_granted_on_the_live_model_is_granted_on_the_new_one()
    {
        await MakeTablesAsync();
        await ActAsync(new Random(15), 20);
        await ExecuteAsync(
            "GRANT USAGE ON SCHEMA test_rooms TO PUBLIC; GRANT SELECT ON test_rooms.room_summary TO pg_monitor");

        await NewRebuild().RunAsync(Rooms, null, Stop);

        (await ScalarAsync<bool>("SELECT has_schema_privilege('pg_monitor', 'test_rooms', 'USAGE')")).ShouldBeTrue();
        (await ScalarAsync<bool>("SELECT has_table_privilege('pg_monitor', 'test_rooms.room_summary', 'SELECT')"))
            .ShouldBeTrue();
        (await ScalarAsync<bool>("SELECT has_table_privilege('pg_monitor', 'test_rooms.room_summary', 'INSERT')"))
            .ShouldBeFalse();
    }

    [Fact]
    public async Task A_view_elsewhere_on_the_model_is_not_dropped_but_refused()
    {
        await MakeTablesAsync();
        await ExecuteAsync("CREATE OR REPLACE VIEW loud_rooms AS SELECT id FROM test_rooms.room_summary WHERE is_loud");

        (await Should.ThrowAsync<RebuildFailedException>(() => NewRebuild().RunAsync(Rooms, null, Stop)))
            .Message.ShouldContain("loud_rooms");

        await ExecuteAsync("DROP VIEW loud_rooms");
        await NewRebuild().RunAsync(Rooms, null, Stop);
    }

    private ProjectionRebuild NewRebuild() =>
        new(Store, Store.DataSource, options, NullLogger<ProjectionRebuild>.Instance);

    // So that what is right after a rebuild was not right before.
    private Task GarbleAsync(ISchemaProjection projection) => ExecuteAsync(projection.Name switch
    {
        "Rooms" => "UPDATE test_rooms.room_summary SET messages = 0, sum = -1000000",
        "Words" => "DELETE FROM test_words.words",
        _ => "UPDATE test_messages.posted_message SET text = 'garbled'",
    });

    private async Task ShouldHaveNoLeftoversAsync() => (await ScalarAsync<string>(
        "SELECT coalesce(string_agg(nspname, ' '), '') FROM pg_namespace WHERE nspname LIKE 'test%\\_\\_%'"))
        .ShouldBe("");

    /// <summary>Counts events by stream, with SQL of its own.</summary>
    private sealed class Counts : ISchemaProjection
    {
        public string Name => "Counts";

        public string Schema => "test_counts";

        public Task CreateTablesAsync(
            string schema, NpgsqlConnection connection, CancellationToken cancellationToken) =>
            connection.RunAsync(
                $"CREATE TABLE IF NOT EXISTS {schema}.counts (stream uuid PRIMARY KEY, events bigint NOT NULL)",
                cancellationToken);

        public Task CreateIndexesAsync(
            string schema, NpgsqlConnection connection, CancellationToken cancellationToken) =>
            connection.RunAsync(
                $"CREATE INDEX IF NOT EXISTS by_events ON {schema}.counts (events)", cancellationToken);

        public Task ApplyAsync(
            IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction, CancellationToken cancellationToken)
        {
            transaction.Enqueue(new(
                $"""
                INSERT INTO {transaction.Schema}.counts AS known (stream, events)
                SELECT stream, count(*) FROM unnest($1) stream GROUP BY 1
                ON CONFLICT (stream) DO UPDATE SET events = known.events + excluded.events
                """)
            {
                Parameters = { new() { Value = events.Select(one => one.StreamId).ToArray() } },
            });
            return Task.CompletedTask;
        }
    }
}

/// <summary>Keeps what a rebuild reports, and reacts to it at once.</summary>
internal sealed class Reports(Action<RebuildProgress>? react = null) : IProgress<RebuildProgress>
{
    private readonly List<RebuildProgress> all = [];

    public IReadOnlyList<RebuildProgress> All
    {
        get
        {
            lock (all)
                return [.. all];
        }
    }

    public void Report(RebuildProgress value)
    {
        lock (all)
            all.Add(value);
        react?.Invoke(value);
    }
}
