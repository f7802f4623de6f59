namespace Chat.EventStore.Tests;

/// <summary>The number of a projection's shards is changed over existing progress.</summary>
public sealed class ReshardingTests(StoreDatabase database) : DaemonTest(database)
{
    private readonly List<Guid> rooms = [.. Enumerable.Range(0, 20).Select(_ => Guid.NewGuid())];

    [Theory]
    [InlineData(1, 4)]
    [InlineData(4, 1)]
    [InlineData(4, 3)]
    public async Task Progress_is_carried_over(int before, int after)
    {
        await MakeTableAsync();
        await RunThroughAsync(before);
        await PostToAsync(rooms, 50);
        await RunThroughAsync(after);

        await ShouldHaveRecordedAllAsync();
        (await RowsAsync()).ShouldBe(Shard.AllOf("Recorded", after).Select(one => one.Name));
    }

    [Fact]
    public async Task The_pause_of_a_shard_that_is_no_more_is_forgotten()
    {
        await MakeTableAsync();
        await RunThroughAsync(1);
        await ExecuteAsync(
            """
            UPDATE chat_store.projection_shards SET failure = 'poison', failing_sequence = 21,
                failing_event = gen_random_uuid(), failing_type = 'message_posted'
            """);

        await RunThroughAsync(2);

        (await ScalarAsync<long>(
            """
            SELECT count(*) FROM chat_store.projection_shards
            WHERE num_nonnulls(failure, failing_sequence, failing_event, failing_type) > 0
            """)).ShouldBe(0);
    }

    [Fact]
    public async Task Shards_apart_by_foreign_events_only_go_on()
    {
        await MakeTableAsync();
        await RunThroughAsync(2);
        var first = rooms.Where(one => Shard.NumberOf(one, 2) == 1).ToList();
        var last = await PostToAsync(first, 10);
        await ExecuteAsync(
            $"""
            UPDATE mt_event_progression SET last_seq_id = {last} WHERE name = 'Recorded:1of2';
            INSERT INTO recorded SELECT 'Recorded', seq_id FROM mt_events WHERE seq_id > {last - 10}
            """);

        await RunThroughAsync(3);

        await ShouldHaveRecordedAllAsync();
    }

    [Fact]
    public async Task Shards_that_stand_apart_are_refused_until_they_do_not()
    {
        await MakeTableAsync();
        await RunThroughAsync(2);
        var second = rooms.First(one => Shard.NumberOf(one, 2) == 2);
        var last = (await PostAsync(second)).LastSequence;
        await ExecuteAsync($"UPDATE mt_event_progression SET last_seq_id = {last} WHERE name = 'Recorded:1of2'");

        await using var running = Run(Store, new RecordingProjection { Shards = 4 }, new RecordingProjection("Other"));
        await running.Daemon.WaitForAsync("Other", last, Patience, Stop);
        await EventuallyAsync(() => running.Daemon.Status("Recorded").State == ShardState.Refused);
        running.Daemon.Status("Recorded").LastError!.ShouldContain("must be rebuilt");
        running.Daemon.Status("Recorded").LastError!.ShouldContain($"Recorded:2of2 at {last - 1}");
        (await RowsAsync("Recorded")).ShouldBe(["Recorded:1of2", "Recorded:2of2"]);

        // The old number catches up; then the new one goes on.
        await RunThroughAsync(2);
        running.Daemon.Resume("Recorded");
        await running.Daemon.WaitForAsync("Recorded", await PostToAsync(rooms, 20), Patience, Stop);
        await ShouldHaveRecordedAllAsync();
    }

    [Fact]
    public async Task More_events_between_shards_than_are_looked_through_are_refused()
    {
        await MakeTableAsync();
        await RunThroughAsync(2);
        var first = rooms.Where(one => Shard.NumberOf(one, 2) == 1).ToList();
        var last = await PostToAsync(first, 11);
        await ExecuteAsync($"UPDATE mt_event_progression SET last_seq_id = {last} WHERE name = 'Recorded:1of2'");

        await using var running = Run(
            Store, options => options.ReshardScanEvents = 10, new RecordingProjection { Shards = 3 });
        await EventuallyAsync(() => running.Daemon.Status("Recorded").State == ShardState.Refused);
    }

    [Fact]
    public async Task A_shard_whose_progress_is_gone_does_not_begin_anew()
    {
        await MakeTableAsync();
        await RunThroughAsync(2);
        await ExecuteAsync("DELETE FROM mt_event_progression WHERE name = 'Recorded:2of2'");

        await using var running = Run(Store, new RecordingProjection { Shards = 2 });

        await EventuallyAsync(() =>
            running.Daemon.Status("Recorded").Shards.All(one => one.State == ShardState.Refused));
        running.Daemon.Status("Recorded").LastError!.ShouldContain("there is only Recorded:1of2 at ");
        (await RowsAsync()).ShouldBe(["Recorded:1of2"]);
    }

    [Fact]
    public async Task Progress_of_two_numbers_of_shards_is_ambiguous()
    {
        await MakeTableAsync();
        await ExecuteAsync("INSERT INTO mt_event_progression VALUES ('Recorded:All', 0), ('Recorded:1of2', 0)");
        await using var running = Run(Store, new RecordingProjection());
        await EventuallyAsync(() => running.Daemon.Status("Recorded").State == ShardState.Refused);
        await PostToAsync(rooms, 1);
        (await ScalarAsync<long>("SELECT count(*) FROM recorded")).ShouldBe(0);
    }

    [Fact]
    public async Task Two_processes_that_disagree_never_work_together()
    {
        await MakeTableAsync();
        await using var old = Run(Store, new RecordingProjection());
        await old.Daemon.WaitForAsync("Recorded", await PostToAsync(rooms, 20), Patience, Stop);
        await using var young = Run(NewStore(), new RecordingProjection { Shards = 4 });
        var last = await PostToAsync(rooms, 50);

        // It stands by, and still knows how far the others are.
        await young.Daemon.WaitForAsync("Recorded", last, Patience, Stop);
        young.Daemon.Status("Recorded").State.ShouldBe(ShardState.Standby);
        (await RowsAsync()).ShouldBe(["Recorded:All"]);

        await old.DisposeAsync();
        await young.Daemon.WaitForAsync("Recorded", await PostToAsync(rooms, 50), Patience, Stop);
        young.Daemon.Status("Recorded").OwnedHere.ShouldBeTrue();
        await using var back = Run(NewStore(), new RecordingProjection());
        await back.Daemon.WaitForAsync("Recorded", await PostToAsync(rooms, 50), Patience, Stop);
        back.Daemon.Status("Recorded").OwnedHere.ShouldBeFalse();
        await ShouldHaveRecordedAllAsync();
    }

    private async Task RunThroughAsync(int shards)
    {
        await using var running = Run(NewStore(), new RecordingProjection { Shards = shards });
        await running.Daemon.WaitForAsync("Recorded", await PostToAsync(rooms, 20), Patience, Stop);
    }

    private Task<string[]> RowsAsync(string projection = "Recorded") => ScalarAsync<string[]>(
        $"""
        SELECT array_agg(name::text ORDER BY name) FROM mt_event_progression WHERE starts_with(name, '{projection}')
        """);
}
