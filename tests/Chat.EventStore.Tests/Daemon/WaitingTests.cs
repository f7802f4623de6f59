using Npgsql;

namespace Chat.EventStore.Tests;

/// <summary>Waiting for a projection, in the owner's process and elsewhere.</summary>
public sealed class WaitingTests(StoreDatabase database) : DaemonTest(database)
{
    private string DatabaseName => new NpgsqlConnectionStringBuilder(ConnectionString).Database!;

    [Fact]
    public async Task Many_who_wait_elsewhere_cost_one_query_for_each_interval()
    {
        await MakeTableAsync();
        var waiting = new CountingReads(DatabaseName);
        var daemon = NewDaemon(
            NewStore(),
            options => options.WaitPollInterval = TimeSpan.FromMilliseconds(200),
            new RecordingProjection());
        using var counting = waiting.Count();
        var waiters = Enumerable.Range(0, 300).Select(_ => daemon.WaitForAsync("Recorded", 1, Patience, Stop)).ToList();
        await Task.Delay(1100, Stop);
        var reads = waiting.Reads;
        reads.ShouldBeInRange(1, 7);

        // Nobody announced this one: the poll finds it.
        await ExecuteAsync("INSERT INTO mt_event_progression VALUES ('Recorded:All', 1)");
        await Task.WhenAll(waiters);
        await Task.Delay(1000, Stop);
        var afterwards = waiting.Reads;
        await Task.Delay(600, Stop);
        waiting.Reads.ShouldBe(afterwards, "nobody waits any more");
    }

    [Fact]
    public async Task In_the_owners_process_nobody_asks_the_database()
    {
        await MakeTableAsync();
        await using var running = Run(
            Store,
            options => (options.WaitPollInterval, options.OwnerCheckInterval)
                = (TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)),
            new RecordingProjection());
        // Who waits before there is an owner here has a look under way.
        await EventuallyAsync(() => running.Daemon.Status("Recorded").OwnedHere);
        await running.Daemon.WaitForAsync("Recorded", await PostManyAsync(1), Patience, Stop);
        var reads = new CountingReads(DatabaseName);
        using var counting = reads.Count();

        await Should.ThrowAsync<TimeoutException>(
            () => running.Daemon.WaitForAsync("Recorded", 2, TimeSpan.FromMilliseconds(300), Stop));

        reads.Reads.ShouldBe(0);
        await NewDaemon(Store, null, new RecordingProjection()).WaitForAsync("Recorded", 1, Patience, Stop);
        reads.Reads.ShouldBePositive("this is how they are counted");
    }

    [Fact]
    public async Task An_unreachable_database_is_said_so()
    {
        var store = NewStore(connect: builder => (builder.Port, builder.Timeout) = (1, 1));
        var daemon = NewDaemon(store, null, new RecordingProjection());
        await Should.ThrowAsync<StoreUnavailableException>(() => daemon.WaitForAsync("Recorded", 1, Patience, Stop));
    }

    [Fact]
    public async Task Unknown_projections_are_refused()
    {
        var daemon = NewDaemon(Store, null, new RecordingProjection());
        (await Should.ThrowAsync<ArgumentException>(() => daemon.WaitForAsync("Nobody", 1, Patience, Stop)))
            .Message.ShouldContain("Nobody");
        Should.Throw<ArgumentException>(() => daemon.Status("Nobody"));
    }

    [Fact]
    public async Task A_cancelled_wait_ends_alone()
    {
        using var cancelled = new CancellationTokenSource();
        var daemon = NewDaemon(Store, null, new RecordingProjection());
        var one = daemon.WaitForAsync("Recorded", 1, Patience, cancelled.Token);
        var other = daemon.WaitForAsync("Recorded", 1, Patience, Stop);
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => one);
        await ExecuteAsync("INSERT INTO mt_event_progression VALUES ('Recorded:All', 1)");
        await other;
    }
}
