using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.EventStore.Tests;

/// <summary>What a swap carries over or refuses to lose, and what a rebuild leaves that is not finished.</summary>
public sealed class SwapSafetyTests(StoreDatabase database) : ProjectionTest(database)
{
    private readonly Guid stream = Guid.NewGuid();
    private readonly string role = $"swap_{Guid.NewGuid():N}";

    private readonly RebuildOptions options = new()
    {
        LivePatience = TimeSpan.Zero,
        SwapRetryDelay = TimeSpan.FromMilliseconds(20),
        StandstillMax = TimeSpan.FromSeconds(5),
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_killed_rebuild_left_is_gone_with_the_next_start(bool ensures)
    {
        var projection = await MakeSequencesAsync();
        await PostAsync(stream);
        await ExecuteAsync("CREATE SCHEMA test_sequences__rebuild_4711 CREATE TABLE t ()");
        await using (var working = await DataSource.OpenConnectionAsync(Stop))
        await using (await RebuildLock.TryTakeAsync(working, projection.Schema, Stop))
        {
            // A rebuild is at work: it may be its own.
            await ProjectionTables.EnsureAsync(DataSource, projection, Stop);
            (await LeftoversAsync()).ShouldBe(1);
        }

        if (ensures)
        {
            await ProjectionTables.EnsureAsync(DataSource, projection, Stop);
        }
        else
        {
            await using var running = Run(Store, projection);
            await running.Daemon.WaitForAsync(projection.Name, 1, Patience, Stop);
        }

        (await LeftoversAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task The_owners_and_grants_stay()
    {
        await ExecuteAsync($"DROP SCHEMA IF EXISTS test_sequences CASCADE; CREATE ROLE {role}");
        try
        {
            var projection = new Sequences { Making = MakeMoreAsync };
            await ExecuteAsync($"CREATE SCHEMA test_sequences AUTHORIZATION {role}");
            await using (var owner = await DataSource.OpenConnectionAsync(Stop))
            {
                await owner.RunAsync($"SET ROLE {role}", Stop);
                await projection.CreateTablesAsync(projection.Schema, owner, Stop);
                await owner.RunAsync("RESET ROLE", Stop);
            }

            await ExecuteAsync(
                """
                GRANT SELECT ON test_sequences.numbers, test_sequences.sequences TO pg_monitor WITH GRANT OPTION;
                GRANT USAGE ON SCHEMA test_sequences TO pg_monitor
                """);
            var before = await OwnedAsync();
            await PostAsync(stream);

            await NewRebuild(Store).RunAsync(projection, null, Stop);

            before.Length.ShouldBe(9);
            before.ShouldAllBe(one => one.Contains($"owner {role} "));
            (await OwnedAsync()).ShouldBe(before);
            (await ScalarAsync<long>("SELECT count(*) FROM test_sequences.sequences")).ShouldBe(1);
        }
        finally
        {
            await ExecuteAsync($"DROP SCHEMA test_sequences CASCADE; DROP OWNED BY {role}; DROP ROLE {role}");
        }
    }

    [Theory]
    [InlineData("ALTER TABLE test_sequences.sequences ENABLE ROW LEVEL SECURITY", "has row security")]
    [InlineData("CREATE POLICY p ON test_sequences.sequences", "has row security")]
    [InlineData("GRANT SELECT (sequence) ON test_sequences.sequences TO pg_monitor", "grants of single columns")]
    [InlineData("CREATE MATERIALIZED VIEW test_sequences.m AS SELECT 1", "is a materialized view")]
    [InlineData("CREATE VIEW swap_v AS SELECT FROM test_sequences.sequences", "swap_v elsewhere hangs on tables of")]
    public async Task What_cannot_be_carried_over_is_refused_also_when_it_comes_late(string sql, string reason)
    {
        var projection = await MakeSequencesAsync();
        await PostAsync(stream);
        var late = new Reports(one =>
        {
            if (one.Phase == RebuildPhase.Swapping)
                ExecuteAsync(sql).GetAwaiter().GetResult();
        });

        (await Should.ThrowAsync<RebuildFailedException>(() => NewRebuild(Store).RunAsync(projection, late, Stop)))
            .Message.ShouldContain(reason);
        var phases = new Reports();
        (await Should.ThrowAsync<RebuildFailedException>(() => NewRebuild(Store).RunAsync(projection, phases, Stop)))
            .Message.ShouldContain(reason);
        phases.All.ShouldBeEmpty();
        (await LeftoversAsync()).ShouldBe(0);
        await ExecuteAsync("DROP SCHEMA test_sequences CASCADE");
    }

    [Fact]
    public async Task A_model_of_a_role_that_it_is_not_a_member_of_is_refused()
    {
        await MakeSequencesAsync();
        await ExecuteAsync($"CREATE ROLE {role} LOGIN; GRANT pg_read_all_data, pg_write_all_data TO {role}");
        try
        {
            var store = NewStore(null, connect => connect.Options = $"-c role={role}");

            (await Should.ThrowAsync<RebuildFailedException>(
                () => NewRebuild(store).RunAsync(new Sequences(), null, Stop)))
                .Message.ShouldContain("whose rights this role has not");
        }
        finally
        {
            await ExecuteAsync($"DROP OWNED BY {role}; DROP ROLE {role}");
        }
    }

    [Fact]
    public async Task A_rebuild_that_hangs_in_the_swap_loses_it_and_a_lost_machine_is_noticed()
    {
        var projection = await MakeSequencesAsync();
        await PostAsync(stream);
        await using var running = Run(NewStore(), projection);
        await running.Daemon.WaitForAsync("Sequences", 1, Patience, Stop);
        options.SwapIdleTimeout = TimeSpan.FromMilliseconds(200);
        var (timeout, more) = ("", false);
        var hanging = new Sequences
        {
            Making = async (_, connection) =>
                timeout = (await connection.TextsAsync("SHOW tcp_user_timeout", Stop)).Single(),
            Before = _ =>
            {
                // A process that hangs answers nothing, so the thread itself stands still, past the idle timeout.
                if (more)
                    Thread.Sleep(1000);
            },
        };
        var late = new Reports(one =>
        {
            if (one.Phase != RebuildPhase.Swapping)
                return;
            PostAsync(stream).GetAwaiter().GetResult();
            running.Daemon.WaitForAsync("Sequences", 2, Patience, Stop).GetAwaiter().GetResult();
            more = true;
        });

        await Should.ThrowAsync<NpgsqlException>(() => NewRebuild(Store).RunAsync(hanging, late, Stop));

        timeout.ShouldBe("3000");
        await PostAsync(stream);
        await running.Daemon.WaitForAsync("Sequences", 3, Patience, Stop);
    }

    [Fact]
    public async Task The_lock_is_given_back_even_where_the_clean_up_fails()
    {
        var projection = await MakeSequencesAsync();
        await PostAsync(stream);
        var store = NewStore(null, connect => connect.NoResetOnClose = true);
        await ExecuteAsync(
            """
            CREATE FUNCTION swap_refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
            CREATE EVENT TRIGGER swap_refuse ON ddl_command_start WHEN TAG IN ('DROP SCHEMA')
            EXECUTE FUNCTION swap_refuse()
            """);
        try
        {
            await Should.ThrowAsync<PostgresException>(() => NewRebuild(store).RunAsync(projection, null, Stop));
        }
        finally
        {
            await ExecuteAsync("DROP EVENT TRIGGER swap_refuse; DROP FUNCTION swap_refuse");
        }

        (await LeftoversAsync()).ShouldBe(1);
        await NewRebuild(Store).RunAsync(projection, null, Stop);
        (await LeftoversAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_refused_projection_goes_on_at_once_and_the_swap_waits_for_no_standby()
    {
        await ExecuteAsync("DROP SCHEMA IF EXISTS test_tally CASCADE");
        await ProjectionTables.EnsureAsync(DataSource, new Tally(2), Stop);
        await PostAsync(stream);
        await ExecuteAsync(
            """
            INSERT INTO mt_event_progression (name, last_seq_id) VALUES ('Tally:1of3', 0), ('Tally:2of3', 1);
            CREATE TABLE swap_commits (mode text);
            CREATE FUNCTION swap_note() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN INSERT INTO swap_commits SELECT current_setting('synchronous_commit'); RETURN NULL; END $$;
            CREATE TRIGGER swap_note AFTER DELETE ON mt_event_progression EXECUTE FUNCTION swap_note()
            """);
        try
        {
            await using var running = Run(NewStore(), new Tally(2));
            for (var tries = 0; running.Daemon.Status("Tally").Shards.Any(one => one.State != ShardState.Refused);)
            {
                (tries++).ShouldBeLessThan(200);
                await Task.Delay(50, Stop);
            }

            await NewRebuild(Store).RunAsync(new Tally(2), null, Stop);
            var last = (await PostAsync(stream)).LastSequence;

            await running.Daemon.WaitForAsync("Tally", last, TimeSpan.FromSeconds(10), Stop);
            (await DumpAsync("swap_commits")).ShouldBe(["(local)"]);
        }
        finally
        {
            await ExecuteAsync("DROP FUNCTION swap_note CASCADE; DROP TABLE swap_commits");
        }
    }

    private static Task MakeMoreAsync(string schema, NpgsqlConnection connection) => connection.RunAsync(
        $"""
        CREATE TABLE {schema}.numbers (number bigserial PRIMARY KEY);
        CREATE SEQUENCE {schema}.free;
        CREATE VIEW {schema}.shown AS SELECT * FROM {schema}.numbers;
        CREATE FUNCTION {schema}.one(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'
        """,
        Stop);

    private async Task<Sequences> MakeSequencesAsync()
    {
        await ExecuteAsync("DROP SCHEMA IF EXISTS test_sequences CASCADE; DROP VIEW IF EXISTS swap_v");
        await ProjectionTables.EnsureAsync(DataSource, new Sequences(), Stop);
        return new();
    }

    private Task<long> LeftoversAsync() =>
        ScalarAsync<long>("SELECT count(*) FROM pg_namespace WHERE nspname ~ '^test_sequences__rebuild_'");

    private Task<string[]> OwnedAsync() => ScalarAsync<string[]>(
        """
        SELECT array_agg(t ORDER BY t) FROM (
            SELECT format('%s owner %s %s', nspname, nspowner::regrole, nspacl) FROM pg_namespace
            WHERE nspname = 'test_sequences'
            UNION ALL
            SELECT format('%s owner %s %s', relname, relowner::regrole, relacl) FROM pg_class
            WHERE relnamespace = 'test_sequences'::regnamespace
            UNION ALL
            SELECT format('%s owner %s %s', proname, proowner::regrole, proacl) FROM pg_proc
            WHERE pronamespace = 'test_sequences'::regnamespace) AS owned (t)
        """);

    private ProjectionRebuild NewRebuild(EventStore store) =>
        new(store, store.DataSource, options, NullLogger<ProjectionRebuild>.Instance);
}
