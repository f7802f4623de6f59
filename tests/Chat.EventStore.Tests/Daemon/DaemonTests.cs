using Npgsql;

namespace Chat.EventStore.Tests;

public sealed class DaemonTests(StoreDatabase database) : DaemonTest(database)
{
    private readonly RecordingProjection projection = new();

    [Fact]
    public async Task It_catches_up_and_follows()
    {
        await MakeTableAsync();
        await PostManyAsync(20);
        await using var running = Run(Store, projection);
        var last = await PostManyAsync(20);

        await running.Daemon.WaitForAsync("Recorded", last, Patience, Stop);

        await ShouldHaveRecordedAllAsync();
        running.Daemon.Status("Recorded").Shards.ShouldBe(
        [
            new("Recorded:All", ShardState.Running, last, 0, 0, Store.Options.NodeName, OwnedHere: true, null, null, 0),
        ]);
        (await ScalarAsync<long>("SELECT last_seq_id FROM mt_event_progression WHERE name = 'Recorded:All'"))
            .ShouldBe(last);
    }

    [Fact]
    public async Task A_failing_page_is_rolled_back_and_tried_again()
    {
        await MakeTableAsync();
        var failures = 0;
        ProjectionStatus? whileFailing = null;
        RunningDaemon running = null!;
        projection.BeforeCommit = (_, _) =>
        {
            if (failures++ == 1)
                whileFailing = running.Daemon.Status("Recorded");
            return failures <= 2 ? throw new InvalidOperationException("the read model is broken") : Task.CompletedTask;
        };
        await using (running = Run(Store, projection))
        {
            var last = await PostManyAsync(5);
            await running.Daemon.WaitForAsync("Recorded", last, Patience, Stop);
            running.Daemon.Status("Recorded").LastError.ShouldBeNull();
        }

        whileFailing.ShouldNotBeNull().LastError.ShouldBe("the read model is broken");
        failures.ShouldBeGreaterThan(2);
        await ShouldHaveRecordedAllAsync();
    }

    [Fact]
    public async Task One_failing_projection_does_not_hold_up_another()
    {
        await MakeTableAsync();
        var broken = new RecordingProjection("Broken")
        {
            BeforeCommit = (_, _) => throw new InvalidOperationException("always"),
        };
        await using var running = Run(Store, projection, broken);
        var last = await PostManyAsync(5);

        await running.Daemon.WaitForAsync("Recorded", last, Patience, Stop);

        await Should.ThrowAsync<TimeoutException>(
            () => running.Daemon.WaitForAsync("Broken", last, TimeSpan.FromMilliseconds(300), Stop));
        running.Daemon.Status("Broken").LastError.ShouldBe("always");
        running.Daemon.Status("Broken").LagEvents.ShouldBePositive();
    }

    [Fact]
    public async Task A_connection_lost_in_the_middle_of_a_page_applies_it_once()
    {
        await MakeTableAsync();
        var kills = 0;
        projection.BeforeCommit = async (connection, _) =>
        {
            if (kills++ >= 3)
                return;
            await using var suicide = new NpgsqlCommand("SELECT pg_terminate_backend(pg_backend_pid())", connection);
            await suicide.ExecuteNonQueryAsync(Stop);
        };
        await using var running = Run(Store, projection);
        var last = await PostManyAsync(30);

        await running.Daemon.WaitForAsync("Recorded", last, Patience, Stop);

        kills.ShouldBeGreaterThan(3);
        await ShouldHaveRecordedAllAsync();
    }

    [Fact]
    public async Task Another_process_takes_over_when_the_owner_dies_and_never_before()
    {
        await MakeTableAsync();
        var other = NewStore(options => options.NodeName = "other");
        await using var first = Run(Store, projection);
        await first.Daemon.WaitForAsync("Recorded", await PostManyAsync(5), Patience, Stop);
        await using var second = Run(other, new RecordingProjection());
        await second.Daemon.WaitForAsync("Recorded", await PostManyAsync(5), Patience, Stop);
        second.Daemon.Status("Recorded").OwnedHere.ShouldBeFalse();

        await first.DisposeAsync();
        var last = await PostManyAsync(5);

        await second.Daemon.WaitForAsync("Recorded", last, TimeSpan.FromSeconds(5), Stop);
        second.Daemon.Status("Recorded").OwnedHere.ShouldBeTrue();
        await ShouldHaveRecordedAllAsync();
    }

    [Fact]
    public async Task Other_processes_hear_who_the_owner_is_and_how_far()
    {
        await MakeTableAsync();
        var other = NewStore(options => options.TailPollInterval = TimeSpan.FromHours(1));
        await using var owner = Run(Store, projection);
        await owner.Daemon.WaitForAsync("Recorded", await PostManyAsync(1), Patience, Stop);
        await using var listener = Run(other, new RecordingProjection());
        for (var tries = 0; listener.Daemon.Status("Recorded").Owner is null; tries++)
        {
            tries.ShouldBeLessThan(200);
            await PostManyAsync(1);
            await Task.Delay(20, Stop);
        }

        var status = listener.Daemon.Status("Recorded");
        (status.Owner, status.OwnedHere).ShouldBe((Store.Options.NodeName, false));
    }

    [Fact]
    public async Task The_lock_is_the_one_that_Marten_takes()
    {
        await MakeTableAsync();
        await using var running = Run(Store, projection);
        await running.Daemon.WaitForAsync("Recorded", await PostManyAsync(1), Patience, Stop);

        var key = MartenShardLock.KeyOf("public", "Recorded:All");
        var held = $"SELECT count(*) FROM pg_locks WHERE {AdvisoryHere} AND objid = {key} AND objsubid = 1";
        (await ScalarAsync<long>(held)).ShouldBe(1);
        (await ScalarAsync<bool>($"SELECT pg_try_advisory_xact_lock({key})")).ShouldBeFalse();
    }

    [Fact]
    public async Task Progress_moved_by_somebody_else_is_not_overwritten()
    {
        await MakeTableAsync();
        await using var running = Run(Store, projection);
        await running.Daemon.WaitForAsync("Recorded", await PostManyAsync(5), Patience, Stop);
        var skipped = await PostAsync(Guid.NewGuid());
        await running.Daemon.WaitForAsync("Recorded", skipped.LastSequence, Patience, Stop);

        await ExecuteAsync("UPDATE mt_event_progression SET last_seq_id = last_seq_id - 1");
        await ExecuteAsync($"DELETE FROM recorded WHERE sequence = {skipped.LastSequence}");
        var last = await PostManyAsync(1);

        // The page is refused, the owner looks again where it stands, and goes on from there.
        await running.Daemon.WaitForAsync("Recorded", last, Patience, Stop);
        await ShouldHaveRecordedAllAsync();
    }

    [Fact]
    public async Task Waiting_ends_with_the_timeout_and_says_how_far_it_is()
    {
        await MakeTableAsync();
        await using var running = Run(Store, projection);
        var last = await PostManyAsync(2);
        await running.Daemon.WaitForAsync("Recorded", last, Patience, Stop);

        var late = await Should.ThrowAsync<TimeoutException>(
            () => running.Daemon.WaitForAsync("Recorded", last + 1, TimeSpan.FromMilliseconds(100), Stop));
        late.Message.ShouldContain($"at {last}");
    }

    [Fact]
    public async Task After_an_outage_it_is_well_again_without_new_events()
    {
        await UseOwnDatabaseAsync();
        await ExecuteAsync("ALTER TABLE mt_event_progression RENAME TO away");
        await using var owner = Run(Store, projection);
        await EventuallyAsync(() => owner.Daemon.Status("Recorded").LastError is not null);

        await ExecuteAsync("ALTER TABLE away RENAME TO mt_event_progression");
        await EventuallyAsync(() => owner.Daemon.Status("Recorded").LastError is null);
    }

    [Fact]
    public async Task Only_the_pages_own_transaction_does_not_wait_for_the_disk()
    {
        await MakeTableAsync();
        NpgsqlConnection used = null!;
        string? within = null;
        projection.BeforeCommit = async (connection, _) => within = await SynchronousCommitAsync(used = connection);
        await using var running = Run(Store, projection);
        await running.Daemon.WaitForAsync("Recorded", await PostManyAsync(1), Patience, Stop);

        within.ShouldBe("off");
        (await SynchronousCommitAsync(used)).ShouldBe("on");

        static async Task<string> SynchronousCommitAsync(NpgsqlConnection connection)
        {
            await using var command = new NpgsqlCommand("SHOW synchronous_commit", connection);
            return (string)(await command.ExecuteScalarAsync(Stop))!;
        }
    }

    [Fact]
    public async Task A_page_that_fails_during_the_stop_is_no_crash()
    {
        await MakeTableAsync();
        var entered = new TaskCompletionSource();
        var leave = new TaskCompletionSource();
        projection.BeforeCommit = async (_, _) =>
        {
            entered.TrySetResult();
            await leave.Task;
            throw new InvalidOperationException("late");
        };
        await using var running = Run(Store, projection);
        await PostManyAsync(1);
        await entered.Task;

        var stopped = running.DisposeAsync();
        leave.SetResult();

        await Should.NotThrowAsync(stopped.AsTask());
    }
}
