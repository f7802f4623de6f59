using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Npgsql;

namespace Chat.EventStore.Tests;

/// <summary>What a daemon tells of its shards.</summary>
public sealed class StatusTests(StoreDatabase database) : DaemonTest(database)
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Lag_is_the_age_of_the_oldest_event_not_applied()
    {
        var progress = new ShardProgress(new("Recorded", 1, 1), catchingUpEvents: 10);
        var now = Start.AddSeconds(100);
        Status(5, Start.AddSeconds(99)).LagMs.ShouldBe(1000, "it is in memory");
        Status(5, null).LagMs.ShouldBe(0, "nothing is known");
        progress.Read(new(2, 1, PendingSince: Start.AddSeconds(40)), progress.Changes);
        (Status(5, null).LagMs, Status(5, null).LagEvents).ShouldBe((60_000, 3), "the log says so");
        Status(2, null).LagMs.ShouldBe(0, "it is up to date");
        now = Start;
        Status(5, null).LagMs.ShouldBe(0, "clocks differ");

        ShardStatus Status(long end, DateTimeOffset? oldest) => progress.Status(end, _ => oldest, now);
    }

    [Fact]
    public void Who_stands_by_goes_on_saying_that_the_shard_is_paused()
    {
        var progress = new ShardProgress(new("Recorded", 1, 1), catchingUpEvents: 10);
        progress.Read(new(2, 1, Failing: new(3, Guid.Empty, "x", "poison")), progress.Changes);
        progress.Stand();
        State().ShouldBe(ShardState.Paused);
        progress.Read(new(3, 1), progress.Changes);
        State().ShouldBe(ShardState.Standby);
        progress.Fail("lost");
        progress.Stand();
        State().ShouldBe(ShardState.Standby);

        ShardState State() => progress.Status(3, _ => null, Start).State;
    }

    [Fact]
    public async Task Shards_that_stand_by_read_their_progress_together()
    {
        await MakeTableAsync();
        await using var owner = Run(Store, new RecordingProjection { Shards = 8 });
        await EventuallyAsync(() => owner.Daemon.Status("Recorded").OwnedHere);
        var reads = new CountingReads(new NpgsqlConnectionStringBuilder(ConnectionString).Database!);
        await using var other = Run(NewStore(), new RecordingProjection { Shards = 8 });
        await EventuallyAsync(() => other.Daemon.Status("Recorded").Owner is not null);
        using var counting = reads.Count();

        await Task.Delay(1000, Stop);

        reads.Reads.ShouldBeInRange(1, 8, "one in 200 ms, where each shard for itself made 40");
    }

    [Fact]
    public async Task Lag_follows_the_clock()
    {
        await MakeTableAsync();
        var clock = new StoppedClock();
        var store = NewStore(options => options.Clock = clock);
        var leave = new TaskCompletionSource();
        await using var running = Run(
            store, new RecordingProjection { BeforeCommit = (_, _) => leave.Task });
        var last = (await store.AppendAsync(Post(Room), Stop)).LastSequence;
        await EventuallyAsync(() => running.Daemon.Status("Recorded").LagEvents == 1);
        running.Daemon.Status("Recorded").LagMs.ShouldBe(0);
        clock.Offset = TimeSpan.FromSeconds(7);
        running.Daemon.Status("Recorded").LagMs.ShouldBe(7000);

        leave.SetResult();
        await running.Daemon.WaitForAsync("Recorded", last, Patience, Stop);
        running.Daemon.Status("Recorded").LagMs.ShouldBe(0);
    }

    [Fact]
    public async Task States_tell_who_is_doing_what()
    {
        await MakeTableAsync();
        await PostManyAsync(20);
        var leave = new TaskCompletionSource();
        await using var owner = Run(
            Store, options => options.CatchingUpEvents = 10,
            new RecordingProjection { BeforeCommit = (_, _) => leave.Task });
        await EventuallyAsync(() => owner.Daemon.Status("Recorded").State == ShardState.CatchingUp);
        await using var other = Run(NewStore(), new RecordingProjection(), new RecordingProjection("Another"));

        await EventuallyAsync(() => other.Daemon.Status("Recorded") is
            { State: ShardState.Standby, LagEvents: 20, LagMs: > 0, Owner: not null });
        leave.SetResult();
        await EventuallyAsync(() => owner.Daemon.Status("Recorded").State == ShardState.Running);
        other.Daemon.Statuses().Select(one => one.Name).ShouldBe(["Another", "Recorded"]);
    }

    [Fact]
    public async Task Metrics_tell_the_same_for_each_shard()
    {
        await MakeTableAsync();
        await PostManyAsync(10);
        var gauges = new ConcurrentDictionary<string, long>();
        var counters = new ConcurrentDictionary<string, long>();
        using var metrics = new MeterListener();
        metrics.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Chat.EventStore")
                listener.EnableMeasurementEvents(instrument);
        };
        metrics.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var labels = tags.ToArray().ToDictionary(one => one.Key, one => one.Value);
            if (labels["projection"] as string != "Measured")
                return;
            var name = $"{instrument.Name["chat.eventstore.projection.".Length..]} {labels["shard"]}";
            if (instrument is Counter<long>)
                counters.AddOrUpdate(name, value, (_, sum) => sum + value);
            else
                gauges[name] = value;
        });
        metrics.Start();
        await using var running = Run(Store, options => options.RetriesMax = 0, new RecordingProjection("Measured")
        {
            OnFailure = FailurePolicy.Skip,
            BeforeApply = page =>
            {
                if (page.Any(one => one.Sequence == 10))
                    throw new InvalidOperationException("poison");
            },
        });
        await running.Daemon.WaitForAsync("Measured", 10, Patience, Stop);
        metrics.RecordObservableInstruments();

        gauges["position Measured:All"].ShouldBe(10);
        (gauges["lag Measured:All"], gauges["lag.duration Measured:All"], gauges["paused Measured:All"])
            .ShouldBe((0, 0, 0));
        counters["events Measured:All"].ShouldBe(9);
        counters["dead_letters Measured:All"].ShouldBe(1);
        counters["failures Measured:All"].ShouldBeInRange(1, 5);
    }

    private sealed class StoppedClock : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => Start + Offset;
    }
}
