using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.EventStore.Tests;

/// <summary>Programs that know other versions of a projection's tables, on one database.</summary>
public sealed class UpgradeTests(StoreDatabase database) : DaemonTest(database)
{
    [Fact]
    public async Task A_process_goes_on_with_its_version_until_the_swap_and_then_ends()
    {
        await StartAnewAsync();
        var (first, second) = (new Versioned(1), new Versioned(2));
        (await UpgradeAsync(NewStore(), first)).ShouldBeTrue();
        var old = NewDaemon(NewStore(), null, first);
        var running = old.RunAsync(Stop);
        await old.WaitForAsync("Versioned", await PostManyAsync(30), Patience, Stop);
        second.Making = async () =>
        {
            // Amid the rebuild.
            await old.WaitForAsync("Versioned", await PostManyAsync(20), Patience, Stop);
            (await CountAsync(1)).ShouldBe(50);
        };

        (await UpgradeAsync(NewStore(), second)).ShouldBeTrue();

        (await Should.ThrowAsync<ModelVersionException>(() => running)).Message.ShouldContain("version 2");
        var store = NewStore();
        await using var young = Run(store, second);
        await young.Daemon.WaitForAsync("Versioned", await PostManyAsync(10), Patience, Stop);
        (await CountAsync(2)).ShouldBe(60);
    }

    [Fact]
    public async Task A_process_that_waits_for_its_turn_ends_too()
    {
        await StartAnewAsync();
        await UpgradeAsync(NewStore(), new Versioned(1));
        await using var owner = Run(NewStore(), new Tally());
        var waiting = NewDaemon(NewStore(), null, new Versioned(1)).RunAsync(Stop);
        await UpgradeAsync(NewStore(), new Versioned(2));
        await using var young = Run(NewStore(), new Versioned(2));

        await Should.ThrowAsync<ModelVersionException>(() => waiting);
    }

    [Fact]
    public async Task A_program_that_says_no_version_cannot_write_into_later_tables()
    {
        await StartAnewAsync();
        await UpgradeAsync(NewStore(), new Versioned(1));
        await ExecuteAsync("INSERT INTO mt_event_progression (name, last_seq_id) VALUES ('Versioned:All', 1)");
        await ExecuteAsync("SELECT chat_store.advance_projection('Versioned:All', 1, 2)");
        await UpgradeAsync(NewStore(), new Versioned(2));
        await ExecuteAsync("UPDATE mt_event_progression SET last_seq_id = 2");

        (await Should.ThrowAsync<PostgresException>(
            () => ExecuteAsync("SELECT chat_store.advance_projection('Versioned:All', 2, 3)")))
            .SqlState.ShouldBe("CE001");
    }

    [Fact]
    public async Task Tables_of_a_later_version_are_refused_before_anything_is_touched()
    {
        await StartAnewAsync();
        await UpgradeAsync(NewStore(), new Versioned(2));
        await ExecuteAsync("UPDATE chat_store.functions SET digest = 'later' WHERE name = 'versions_of'");

        (await Should.ThrowAsync<ModelVersionException>(() => UpgradeAsync(NewStore(), new Versioned(1))))
            .Stored.ShouldBe(2);

        (await ScalarAsync<string>("SELECT digest FROM chat_store.functions WHERE name = 'versions_of'"))
            .ShouldBe("later");
        await Store.MigrateAsync(Stop);
        await Rebuild(NewStore()).RunAsync(new Versioned(1), null, Stop);
        (await UpgradeAsync(NewStore(), new Versioned(1))).ShouldBeTrue("A rebuild goes back.");
    }

    [Theory]
    [InlineData("DELETE FROM chat_store.projection_models")]
    [InlineData("DROP SCHEMA test_versioned CASCADE")]
    public async Task Tables_of_unknown_version_and_tables_that_are_gone_are_made_anew_with_all_events(string before)
    {
        await StartAnewAsync();
        await UpgradeAsync(NewStore(), new Versioned(2));
        var last = await PostManyAsync(20);
        await using (var running = Run(NewStore(), new Versioned(2)))
            await running.Daemon.WaitForAsync("Versioned", last, Patience, Stop);
        await ExecuteAsync(before);
        var rebuilt = new Versioned(2);

        (await UpgradeAsync(NewStore(), rebuilt)).ShouldBeTrue();

        rebuilt.Applied.ShouldBe(20);
        (await CountAsync(2)).ShouldBe(20);
        (await UpgradeAsync(NewStore(), rebuilt)).ShouldBeTrue();
        rebuilt.Applied.ShouldBe(20, "There is nothing more to do.");
    }

    [Fact]
    public async Task One_rebuilds_and_the_others_are_told_so()
    {
        await StartAnewAsync();
        await UpgradeAsync(NewStore(), new Versioned(1));
        await PostManyAsync(5);
        var asked = 0;
        var second = new Versioned(2)
        {
            Making = async () =>
            {
                (await UpgradeAsync(NewStore(), new Versioned(2))).ShouldBeFalse();
                asked++;
            },
        };

        (await UpgradeAsync(NewStore(), second)).ShouldBeTrue();

        asked.ShouldBe(1);
        (await UpgradeAsync(NewStore(), new Versioned(2))).ShouldBeTrue();
    }

    /// <summary>
    /// Another process does all of its upgrade at one of the moments that this one opens a connection.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Of_two_that_upgrade_at_once_one_rebuilds(int moment)
    {
        await StartAnewAsync();
        await UpgradeAsync(NewStore(), new Versioned(1));
        await PostManyAsync(5);
        var (first, second) = (new Versioned(2), new Versioned(2));
        var (opened, isDone) = (0, false);
        var source = new NpgsqlDataSourceBuilder(
            new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString);
        source.UsePhysicalConnectionInitializer(
            _ => throw new NotSupportedException("Connections are opened asynchronously."),
            async _ =>
            {
                if (Interlocked.Increment(ref opened) == moment)
                    isDone = await UpgradeAsync(NewStore(), second);
            });
        await using var interrupted = source.Build();

        var upgrade = new ProjectionUpgrade(NewStore(), interrupted, Quick, NullLogger<ProjectionRebuild>.Instance);
        (await upgrade.TryRunAsync(first, null, Stop)).ShouldBeTrue();

        opened.ShouldBeGreaterThanOrEqualTo(moment);
        (first.Applied, second.Applied).ShouldBe(isDone ? (0, 5) : (5, 0));
        (await CountAsync(2)).ShouldBe(5);
    }

    private static Task<bool> UpgradeAsync(EventStore store, ISchemaProjection projection) =>
        new ProjectionUpgrade(store, store.DataSource, Quick, NullLogger<ProjectionRebuild>.Instance)
            .TryRunAsync(projection, null, Stop);

    private static ProjectionRebuild Rebuild(EventStore store) =>
        new(store, store.DataSource, Quick, NullLogger<ProjectionRebuild>.Instance);

    private static RebuildOptions Quick => new()
    {
        LivePatience = TimeSpan.FromMilliseconds(100), SwapRetryDelay = TimeSpan.FromMilliseconds(20),
    };

    private Task StartAnewAsync() => ExecuteAsync("DROP SCHEMA IF EXISTS test_versioned CASCADE");

    private Task<long> CountAsync(int version) =>
        ScalarAsync<long>($"SELECT count(*) FROM test_versioned.v{version}_sequences");

    /// <summary>Writes the sequence of each event into a table whose name depends on the version.</summary>
    private sealed class Versioned(int version) : ISchemaProjection
    {
        public string Name => "Versioned";

        public string Schema => "test_versioned";

        public int Version => version;

        public int Applied { get; private set; }

        /// <summary>Runs once, when the tables of a rebuild are made.</summary>
        public Func<Task>? Making { get; set; }

        public async Task CreateTablesAsync(
            string schema, NpgsqlConnection connection, CancellationToken cancellationToken)
        {
            await connection.RunAsync(
                $"CREATE TABLE IF NOT EXISTS {schema}.v{version}_sequences (sequence bigint PRIMARY KEY)",
                cancellationToken);
            if (schema == Schema || Making is not { } once)
                return;
            Making = null;
            await once();
        }

        public Task CreateIndexesAsync(
            string schema, NpgsqlConnection connection, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task ApplyAsync(
            IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction, CancellationToken cancellationToken)
        {
            Applied += events.Count;
            transaction.Enqueue(new($"INSERT INTO {transaction.Schema}.v{version}_sequences SELECT unnest($1)")
            {
                Parameters = { new() { Value = events.Select(one => one.Sequence).ToArray() } },
            });
            return Task.CompletedTask;
        }
    }
}
