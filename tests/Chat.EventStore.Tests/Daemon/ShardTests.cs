namespace Chat.EventStore.Tests;

public sealed class ShardTests(StoreDatabase database) : DaemonTest(database)
{
    private readonly List<Guid> rooms = [.. Enumerable.Range(0, 20).Select(_ => Guid.NewGuid())];

    // Computed apart from the code: the progress of a running system depends on these never changing.
    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000000", 4, 1)]
    [InlineData("00000000-0000-0000-0000-000000000001", 4, 4)]
    [InlineData("01234567-89ab-cdef-0123-456789abcdef", 4, 3)]
    [InlineData("01234567-89ab-cdef-0123-456789abcdef", 64, 19)]
    [InlineData("f47ac10b-58cc-4372-a567-0e02b2c3d479", 3, 3)]
    [InlineData("f47ac10b-58cc-4372-a567-0e02b2c3d479", 1, 1)]
    public void A_stream_has_the_same_shard_for_ever(string stream, int count, int number) =>
        Shard.NumberOf(Guid.Parse(stream), count).ShouldBe(number);

    [Fact]
    public void Streams_spread_evenly()
    {
        var random = new Random(1);
        var bytes = new byte[16];
        var counts = new int[8];
        for (var i = 0; i < 8000; i++)
        {
            random.NextBytes(bytes);
            counts[Shard.NumberOf(new(bytes), 8) - 1]++;
        }

        counts.ShouldAllBe(count => count > 850 && count < 1150);
    }

    [Theory]
    [InlineData("Name:All", 1, 1)]
    [InlineData("Name:3of4", 3, 4)]
    public void Names_are_understood(string name, int number, int count) =>
        Shard.Parse("Name", name).ShouldBe(new Shard("Name", number, count));

    [Theory]
    [InlineData("Name:V2:All")]
    [InlineData("Name:0of4")]
    [InlineData("Name:5of4")]
    [InlineData("Name:1of1")]
    [InlineData("Name:01of4")]
    [InlineData("Name:1of65")]
    [InlineData("Names:All")]
    public void Rows_of_others_are_left_alone(string name) => Shard.Parse("Name", name).ShouldBeNull();

    [Fact]
    public async Task Each_event_reaches_one_shard_in_the_order_of_its_stream()
    {
        await MakeTableAsync();
        await PostToAsync(rooms, 100);
        await using var running = Run(Store, new RecordingProjection { Shards = 4 });
        var last = await PostToAsync(rooms, 100);

        await running.Daemon.WaitForAsync("Recorded", last, Patience, Stop);

        await ShouldHaveRecordedAllAsync();
        await ShouldBeInOrderAsync();
        (await ScalarAsync<string[]>(
            "SELECT array_agg(name || ' ' || last_seq_id ORDER BY name) FROM mt_event_progression"))
            .ShouldBe(Enumerable.Range(1, 4).Select(n => $"Recorded:{n}of4 {last}"));
        (await ScalarAsync<long>($"SELECT count(DISTINCT objid) FROM pg_locks WHERE {AdvisoryHere}")).ShouldBe(4);
        var status = running.Daemon.Status("Recorded");
        (status.Position, status.State, status.OwnedHere).ShouldBe((last, ShardState.Running, true));
        status.Shards.Select(one => one.Name).ShouldBe(Enumerable.Range(1, 4).Select(n => $"Recorded:{n}of4"));
    }

    [Fact]
    public async Task A_shard_that_stands_holds_up_no_other()
    {
        await MakeTableAsync();
        var stopped = rooms[0];
        var projection = new RecordingProjection
        {
            Shards = 4,
            BeforeApply = page =>
            {
                if (page.Any(one => one.StreamId == stopped))
                    throw new InvalidOperationException("this one");
            },
        };
        await using var running = Run(Store, projection);
        var last = await PostToAsync(rooms, 60);
        var number = Shard.NumberOf(stopped, 4);
        var other = rooms.First(one => Shard.NumberOf(one, 4) != number);

        await running.Daemon.WaitForAsync("Recorded", other, last, Patience, Stop);

        await Should.ThrowAsync<TimeoutException>(() => running.Daemon.WaitForAsync(
            "Recorded", stopped, last, TimeSpan.FromMilliseconds(100), Stop));
        await Should.ThrowAsync<TimeoutException>(() => running.Daemon.WaitForAsync(
            "Recorded", last, TimeSpan.FromMilliseconds(100), Stop));
    }

    [Fact]
    public async Task Shards_are_shared_among_processes_and_taken_over()
    {
        await MakeTableAsync();
        await using var held = await DataSource.OpenConnectionAsync(Stop);
        foreach (var n in new[] { 1, 2 })
            await HoldAsync(held, MartenShardLock.KeyOf("public", $"Recorded:{n}of4"));
        await using var first = Run(Store, new RecordingProjection { Shards = 4 });
        await EventuallyAsync(() => first.Daemon.Status("Recorded").Shards.Count(one => one.OwnedHere) == 2);
        await using var second = Run(NewStore(), new RecordingProjection { Shards = 4 });
        await HoldAsync(held, null);
        await EventuallyAsync(() => Owned(first) + Owned(second) == 4);

        var last = await PostToAsync(rooms, 100);
        await first.Daemon.WaitForAsync("Recorded", last, Patience, Stop);
        await first.DisposeAsync();
        last = await PostToAsync(rooms, 100);
        await second.Daemon.WaitForAsync("Recorded", last, TimeSpan.FromSeconds(5), Stop);

        Owned(second).ShouldBe(4);
        await ShouldHaveRecordedAllAsync();
        await ShouldBeInOrderAsync();

        static int Owned(RunningDaemon one) => one.Daemon.Status("Recorded").Shards.Count(shard => shard.OwnedHere);
    }

    private static async Task HoldAsync(Npgsql.NpgsqlConnection connection, int? key)
    {
        await using var command = new Npgsql.NpgsqlCommand(
            key is null ? "SELECT pg_advisory_unlock_all()" : $"SELECT pg_advisory_lock({key})", connection);
        await command.ExecuteNonQueryAsync(Stop);
    }

    private async Task ShouldBeInOrderAsync() => (await ScalarAsync<long>(
        """
        SELECT count(*) FROM (
            SELECT e.version, row_number() OVER (PARTITION BY e.stream_id ORDER BY r.applied) AS place
            FROM recorded r JOIN mt_events e ON e.seq_id = r.sequence) ordered
        WHERE version <> place
        """)).ShouldBe(0);
}
