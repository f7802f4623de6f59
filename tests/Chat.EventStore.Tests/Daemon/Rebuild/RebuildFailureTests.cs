using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.EventStore.Tests;

/// <summary>Rebuilds of projections that cannot apply some of the events.</summary>
public sealed class RebuildFailureTests(StoreDatabase database) : ProjectionTest(database)
{
    private readonly Guid[] streams = [.. Enumerable.Range(0, 4).Select(_ => Guid.NewGuid())];

    private readonly RebuildOptions options = new() { PageEvents = 7, LivePatience = TimeSpan.Zero };

    [Fact]
    public async Task A_fold_that_skips_is_rebuilt_without_the_events_that_it_cannot_apply()
    {
        var projection = new SkippingCounts();
        await ExecuteAsync("DROP SCHEMA IF EXISTS test_skipping CASCADE");
        await ProjectionTables.EnsureAsync(DataSource, projection, Stop);
        var bad = await PostSomeBadAsync();
        await using var running = Run(NewStore(), projection);
        await running.Daemon.WaitForAsync(projection.Name, 40, Patience, Stop);
        var live = await DumpAsync("test_skipping.counted");
        await ExecuteAsync(
            "UPDATE chat_store.dead_letters SET error = 'old'; DELETE FROM chat_store.dead_letters WHERE sequence = 9");

        var done = await NewRebuild().RunAsync(projection, null, Stop);

        done.Done.ShouldBe(40);
        (await DumpAsync("test_skipping.counted")).ShouldBe(live);
        var letters = await running.Daemon.DeadLettersAsync(projection.Name, 0, 100, Stop);
        letters.Select(one => one.Sequence).ShouldBe(bad);
        letters.ShouldAllBe(one => one.Error != "old" && one.Shard == ShardOf(one));
        await PostAsync(streams[0], "bad");
        await running.Daemon.WaitForAsync(projection.Name, 41, Patience, Stop);
        running.Daemon.Status(projection.Name).DeadLetters.ShouldBe(bad.Count + 1);
        (await ScalarAsync<long>("SELECT count(*) FROM chat_store.dead_letters")).ShouldBe(bad.Count + 1);
    }

    [Fact]
    public async Task Pages_are_halved_until_the_events_stand_alone()
    {
        var projection = new Sequences { OnFailure = FailurePolicy.Skip };
        await ExecuteAsync("DROP SCHEMA IF EXISTS test_sequences CASCADE");
        var bad = await PostSomeBadAsync();
        projection.Before = FailOnBad;

        await NewRebuild().RunAsync(projection, null, Stop);

        (await DumpAsync("test_sequences.sequences")).Count.ShouldBe(40 - bad.Count);
        (await ScalarAsync<long[]>("SELECT array_agg(sequence ORDER BY sequence) FROM chat_store.dead_letters"))
            .ShouldBe(bad);
        (await ScalarAsync<long>(
            "SELECT dead_letters FROM chat_store.projection_shards WHERE name = 'Sequences:All'")).ShouldBe(bad.Count);
    }

    [Fact]
    public async Task One_that_does_not_skip_ends_with_the_name_of_the_event()
    {
        await ExecuteAsync("DROP SCHEMA IF EXISTS test_sequences CASCADE");
        var bad = await PostSomeBadAsync();

        (await Should.ThrowAsync<EventNotAppliedException>(
            () => NewRebuild().RunAsync(new Sequences { Before = FailOnBad }, null, Stop)))
            .Sequence.ShouldBe(bad[0]);
    }

    [Fact]
    public async Task Too_many_end_it()
    {
        await ExecuteAsync("DROP SCHEMA IF EXISTS test_sequences CASCADE");
        options.DeadLettersMax = (await PostSomeBadAsync()).Count - 1;

        (await Should.ThrowAsync<RebuildFailedException>(() => NewRebuild().RunAsync(
            new Sequences { Before = FailOnBad, OnFailure = FailurePolicy.Skip }, null, Stop)))
            .Message.ShouldContain("more than 3 events");
    }

    [Theory]
    [InlineData("public")]
    [InlineData("information_schema")]
    [InlineData("pg_catalog")]
    [InlineData("chat_store")]
    [InlineData("log")]
    public async Task A_schema_that_is_not_its_own_is_refused(string schema)
    {
        var store = new EventStore(
            DataSource, Options(options => options.Schema = "log"), NullLogger<EventStore>.Instance);
        var projection = new Placed(schema, "One");

        Should.Throw<ArgumentException>(() => NewDaemon(store, projection)).Message.ShouldContain(schema);
        (await Should.ThrowAsync<ArgumentException>(
            () => new ProjectionRebuild(store, DataSource, options, NullLogger<ProjectionRebuild>.Instance)
                .RunAsync(projection, null, Stop))).Message.ShouldContain(schema);
    }

    [Fact]
    public void Two_projections_in_one_schema_are_refused() =>
        Should.Throw<ArgumentException>(
            () => NewDaemon(Store, new Placed("test_same", "One"), new Placed("test_same", "Two")))
            .Message.ShouldContain("test_same");

    private static ProjectionDaemon NewDaemon(EventStore store, params IProjection[] projections) =>
        new(store, store.DataSource, projections, new(), NullLogger<ProjectionDaemon>.Instance);

    private static void FailOnBad(IReadOnlyList<StoredEvent> events)
    {
        if (events.Any(one => one.Data is MessagePosted { Text: "bad" }))
            throw new InvalidOperationException("bad");
    }

    private static string ShardOf(DeadLetter one) => $"SkippingCounts:{Shard.NumberOf(one.StreamId, 2)}of2";

    private async Task<IReadOnlyList<long>> PostSomeBadAsync()
    {
        long[] bad = [9, 10, 11, 40];
        for (var sequence = 1; sequence <= 40; sequence++)
            await PostAsync(streams[sequence % streams.Length], bad.Contains(sequence) ? "bad" : "good");
        return bad;
    }

    private ProjectionRebuild NewRebuild() =>
        new(Store, Store.DataSource, options, NullLogger<ProjectionRebuild>.Instance);

    public sealed class Counted
    {
        public int Events { get; set; }
    }

    // It changes its state before it fails.
    private sealed class SkippingCounts() : SingleStreamProjection<Counted>("test_skipping"), IProjection
    {
        public override int Shards => 2;

        FailurePolicy IProjection.OnFailure => FailurePolicy.Skip;

        public override Counted Evolve(Counted? snapshot, Guid id, StoredEvent one)
        {
            snapshot ??= new();
            snapshot.Events++;
            FailOnBad([one]);
            return snapshot;
        }
    }

    private sealed class Placed(string schema, string name) : ISchemaProjection
    {
        public string Name => name;

        public string Schema => schema;

        public Task CreateTablesAsync(
            string schema, Npgsql.NpgsqlConnection connection, CancellationToken cancellationToken) =>
            Task.CompletedTask;

        public Task CreateIndexesAsync(
            string schema, Npgsql.NpgsqlConnection connection, CancellationToken cancellationToken) =>
            Task.CompletedTask;

        public Task ApplyAsync(
            IReadOnlyList<StoredEvent> events,
            ProjectionTransaction transaction,
            CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
