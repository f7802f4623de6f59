using System.Data;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.EventStore.Tests;

/// <summary>What a swap does to the progress, while daemons would change it too.</summary>
public sealed class SwapProgressTests(StoreDatabase database) : ProjectionTest(database)
{
    private readonly Guid[] streams = [.. Enumerable.Range(0, 5).Select(_ => Guid.NewGuid())];

    private readonly RebuildOptions options = new()
    {
        SwapGapEvents = 20,
        LivePatience = TimeSpan.Zero,
        SwapRetryDelay = TimeSpan.FromMilliseconds(20),
        StandstillMax = TimeSpan.FromSeconds(10),
    };

    [Fact]
    public async Task A_change_of_the_number_of_shards_waits_for_the_swap()
    {
        await MakeTableAsync();
        var last = await PostAllAsync(20);
        await using (var before = Run(NewStore(), new Tally()))
            await before.Daemon.WaitForAsync("Tally", last, Patience, Stop);
        last = await PostAllAsync(30);

        await SwapWhileStartingAsync(new Tally(), new Tally(2), async young =>
        {
            await young.Daemon.WaitForAsync("Tally", last = await PostAllAsync(5), Patience, Stop);
            (await CountedAsync()).ShouldBe(last);
        });
    }

    [Fact]
    public async Task Shards_that_begin_while_it_swaps_begin_behind_it()
    {
        await MakeTableAsync();
        await PostAllAsync(20);

        await SwapWhileStartingAsync(new Tally(2), new Tally(2), async young =>
        {
            var last = await PostAllAsync(5);
            await young.Daemon.WaitForAsync("Tally", last, Patience, Stop);
            (await CountedAsync()).ShouldBe(last);
            (await RowsAsync()).ShouldBe(["Tally:1of2", "Tally:2of2"]);
        });
    }

    [Fact]
    public async Task Progress_that_nobody_can_go_on_from_is_cured()
    {
        await MakeTableAsync();
        await PostAllAsync(20);
        await ExecuteAsync(
            """
            INSERT INTO mt_event_progression (name, last_seq_id) VALUES
            ('Tally:All', 7), ('Tally:1of3', 3), ('Tally:3of3', 20), ('TallyToo:All', 1)
            """);

        await NewRebuild().RunAsync(new Tally(2), null, Stop);

        (await RowsAsync()).ShouldBe(["Tally:1of2", "Tally:2of2"]);
        await using var running = Run(NewStore(), new Tally(2));
        var last = await PostAllAsync(5);
        await running.Daemon.WaitForAsync("Tally", last, Patience, Stop);
        (await CountedAsync()).ShouldBe(last);
    }

    [Fact]
    public async Task The_live_model_does_not_stand_still_for_what_came_while_readers_were_waited_for()
    {
        await MakeTableAsync();
        await PostAllAsync(20);
        await using var running = Run(NewStore(), new Tally());
        await using var reader = await DataSource.OpenConnectionAsync(Stop);
        await using var snapshot = await reader.BeginTransactionAsync(IsolationLevel.RepeatableRead, Stop);
        await reader.ScalarAsync<long>("SELECT count(*) FROM mt_events", Stop);
        var (swapping, inSwap) = (new TaskCompletionSource(), 0);
        var phase = RebuildPhase.Loading;
        var reports = new Reports(one =>
        {
            phase = one.Phase;
            if (phase == RebuildPhase.Swapping)
                swapping.TrySetResult();
        });
        var rebuilt = new Tally
        {
            Before = _ => inSwap += phase == RebuildPhase.Swapping ? 1 : 0,
        };
        var rebuild = Task.Run(() => NewRebuild().RunAsync(rebuilt, reports, Stop));
        await swapping.Task.WaitAsync(Patience, Stop);
        var last = await PostAllAsync(200);
        await running.Daemon.WaitForAsync("Tally", last, Patience, Stop);

        await snapshot.CommitAsync(Stop);
        await rebuild;

        inSwap.ShouldBeLessThanOrEqualTo(options.SwapGapEvents);
        (await CountedAsync()).ShouldBe(last);
    }

    [Fact]
    public async Task Pages_before_the_one_that_was_hindered_are_not_applied_again()
    {
        var last = await PostAllAsync(20);
        var (pages, projection) = (0, new Sequences());
        projection.Before = _ =>
        {
            if (++pages == 3)
                throw new PostgresException("hindered", "ERROR", "ERROR", PostgresErrorCodes.LockNotAvailable);
        };
        var shadow = new ShadowSchema(projection.Schema, 1);
        options.PageEvents = 5;
        var build = new ShadowBuild(
            Store, Store.DataSource, projection, shadow, options,
            new(projection.Name, null, options.ReportInterval, TimeProvider.System));
        await using var connection = await DataSource.OpenConnectionAsync(Stop);
        await shadow.CreateAsync(connection, Stop);
        await projection.CreateTablesAsync(shadow.Name, connection, Stop);

        await Should.ThrowAsync<PostgresException>(() => build.CatchUpAsync(last, Stop));
        build.Position.ShouldBe(10);
        await build.CatchUpAsync(last, Stop);

        (await ScalarAsync<long>($"SELECT count(*) FROM {shadow.Name}.sequences")).ShouldBe(last);
        await shadow.DropAsync(connection, Stop);
    }

    /// <summary>Holds the swap up where it holds the progress, until another daemon has come to it too.</summary>
    private async Task SwapWhileStartingAsync(Tally rebuilt, Tally started, Func<RunningDaemon, Task> then)
    {
        await using var reader = await DataSource.OpenConnectionAsync(Stop);
        await using var reading = await reader.BeginTransactionAsync(Stop);
        await reader.RunAsync("LOCK test_tally.tally_row IN ACCESS SHARE MODE", Stop);
        var rebuild = Task.Run(() => NewRebuild().RunAsync(rebuilt, null, Stop));
        await EventuallyAsync(
            """
            SELECT EXISTS (SELECT FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND NOT granted
                AND relation = 'test_tally.tally_row'::regclass)
            """);
        await using var young = Run(NewStore(), started);
        await EventuallyAsync(
            """
            SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
                AND wait_event_type = 'Lock' AND query ~ 'pg_advisory_xact_lock|DELETE FROM .*progression')
            OR (SELECT count(*) = 2 FROM mt_event_progression WHERE name ~ '^Tally:.of2$')
            """);
        await reading.CommitAsync(Stop);
        await rebuild;
        await then(young);
    }

    private async Task EventuallyAsync(string condition)
    {
        for (var tries = 0; !await ScalarAsync<bool>(condition); tries++)
        {
            tries.ShouldBeLessThan(400, condition);
            await Task.Delay(20, Stop);
        }
    }

    private async Task MakeTableAsync()
    {
        await ExecuteAsync("DROP SCHEMA IF EXISTS test_tally CASCADE");
        await ProjectionTables.EnsureAsync(DataSource, new Tally(), Stop);
    }

    private async Task<long> PostAllAsync(int count) =>
        (await Task.WhenAll(Enumerable.Range(0, count).Select(i => PostAsync(streams[i % streams.Length]))))
        .Max(one => one.LastSequence);

    private Task<long> CountedAsync() => ScalarAsync<long>("SELECT sum(messages)::bigint FROM test_tally.tally_row");

    private Task<string[]> RowsAsync() => ScalarAsync<string[]>(
        "SELECT array_agg(name::text ORDER BY name) FROM mt_event_progression WHERE name LIKE 'Tally:%'");

    private ProjectionRebuild NewRebuild() =>
        new(Store, Store.DataSource, options, NullLogger<ProjectionRebuild>.Instance);
}
