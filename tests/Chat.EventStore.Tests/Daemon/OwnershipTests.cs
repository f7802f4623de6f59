using Npgsql;

namespace Chat.EventStore.Tests;

/// <summary>Who owns a shard, and what becomes of it when that changes.</summary>
public sealed class OwnershipTests(StoreDatabase database) : DaemonTest(database)
{
    private const string Settings =
        """
        SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) FROM pg_settings
        WHERE name LIKE 'tcp%' OR name IN ('client_connection_check_interval', 'synchronous_commit')
        """;

    [Fact]
    public async Task An_idle_owner_notices_that_it_lost_its_connection()
    {
        await MakeTableAsync();
        await using var first = Run(Store, new RecordingProjection());
        await first.Daemon.WaitForAsync("Recorded", await PostManyAsync(1), Patience, Stop);
        await using var second = Run(NewStore(), new RecordingProjection());

        await TerminateOwnerAsync();

        // Whoever gets it now, nobody goes on believing that it is the owner.
        await EventuallyAsync(() =>
            first.Daemon.Status("Recorded").LastError is not null || second.Daemon.Status("Recorded").OwnedHere);
        await EventuallyAsync(() =>
            first.Daemon.Status("Recorded").OwnedHere != second.Daemon.Status("Recorded").OwnedHere);
        await second.Daemon.WaitForAsync("Recorded", await PostManyAsync(5), TimeSpan.FromSeconds(5), Stop);
        await ShouldHaveRecordedAllAsync();
    }

    [Fact]
    public async Task Progress_that_goes_back_is_seen_by_an_idle_owner_and_by_others()
    {
        await MakeTableAsync();
        await using var owner = Run(Store, new RecordingProjection());
        await using var other = Run(NewStore(), new RecordingProjection());
        var last = await PostManyAsync(10);
        await other.Daemon.WaitForAsync("Recorded", last, Patience, Stop);
        await owner.Daemon.WaitForAsync("Recorded", last, Patience, Stop);

        // As a rebuild that starts anew, or a restored backup, would leave it.
        await ExecuteAsync(
            """
            BEGIN;
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'not now';
            END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON recorded FOR EACH STATEMENT EXECUTE FUNCTION refuse();
            DELETE FROM recorded;
            UPDATE mt_event_progression SET last_seq_id = 0;
            COMMIT
            """);
        await EventuallyAsync(() => owner.Daemon.Status("Recorded").Position == 0);
        await EventuallyAsync(() => other.Daemon.Status("Recorded").Position == 0);
        await Should.ThrowAsync<TimeoutException>(
            () => other.Daemon.WaitForAsync("Recorded", 1, TimeSpan.FromMilliseconds(100), Stop));

        await ExecuteAsync("DROP TRIGGER refuse ON recorded; DROP FUNCTION refuse");
        owner.Daemon.Resume("Recorded");
        await other.Daemon.WaitForAsync("Recorded", last, Patience, Stop);
        await ShouldHaveRecordedAllAsync();
    }

    [Fact]
    public async Task Who_is_no_longer_the_owner_cannot_commit_even_at_the_same_position()
    {
        await MakeTableAsync();
        var entered = new TaskCompletionSource();
        var leave = new TaskCompletionSource();
        await using var running = Run(Store, new RecordingProjection
        {
            BeforeCommit = async (_, _) =>
            {
                entered.TrySetResult();
                await leave.Task;
            },
        });
        var last = await PostManyAsync(1);
        await entered.Task;
        await ExecuteAsync("UPDATE chat_store.projection_shards SET epoch = epoch + 1");
        leave.SetResult();

        await EventuallyAsync(() => running.Daemon.Status("Recorded").LastError?.Contains("another process") == true
            || running.Daemon.Status("Recorded").Position == last);
        await running.Daemon.WaitForAsync("Recorded", last, Patience, Stop);
        await ShouldHaveRecordedAllAsync();
        (await ScalarAsync<long>("SELECT max(applied) FROM recorded")).ShouldBe(2, "the first try was rolled back");
    }

    [Fact]
    public async Task Epochs_rise_even_when_their_table_is_lost()
    {
        await MakeTableAsync();
        var epochs = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            await using var running = Run(Store, new RecordingProjection());
            await running.Daemon.WaitForAsync("Recorded", await PostManyAsync(1), Patience, Stop);
            epochs.Add(await ScalarAsync<long>("SELECT epoch FROM chat_store.projection_shards"));
            await ExecuteAsync("TRUNCATE chat_store.projection_shards");
        }

        epochs.ShouldBe(epochs.Distinct().Order());
    }

    [Fact]
    public void Announcements_raise_the_position_within_an_ownership_and_set_it_in_a_later_one()
    {
        var progress = new ShardProgress(new("Recorded", 1, 1), 10);
        progress.Heard(5, inEpoch: 1, "a");
        progress.Heard(3, inEpoch: 1, "a");
        progress.Position.ShouldBe(5, "announcements may overtake each other");
        progress.Heard(2, inEpoch: 2, "b");
        progress.Position.ShouldBe(2, "the later owner began further back");
        progress.Heard(9, inEpoch: 1, "a");
        progress.Position.ShouldBe(2, "an announcement of an earlier owner comes late");

        var readAt = progress.Changes;
        progress.Heard(4, inEpoch: 2, "b");
        progress.Read(new(3, 2), readAt);
        progress.Position.ShouldBe(4, "it was read before");
        progress.Read(new(1, 1), progress.Changes);
        progress.Position.ShouldBe(1, "the database was restored");
    }

    [Fact]
    public async Task Who_hangs_and_lost_the_ownership_learns_it_from_the_next_owner()
    {
        await MakeTableAsync();
        using var leave = new ManualResetEventSlim();
        var entered = new TaskCompletionSource();
        var mine = new RecordingProjection
        {
            BeforeApply = _ =>
            {
                entered.TrySetResult();
                leave.Wait(Patience, Stop);
            },
        };
        await using var first = Run(Store, mine);
        await EventuallyAsync(() => first.Daemon.Status("Recorded").OwnedHere);
        await using var second = Run(NewStore(options => options.NodeName = "second"), new RecordingProjection());
        var last = await PostManyAsync(1);
        await entered.Task;
        await TerminateOwnerAsync();
        try
        {
            await second.Daemon.WaitForAsync("Recorded", last, Patience, Stop);
            await first.Daemon.WaitForAsync("Recorded", last, TimeSpan.FromSeconds(4), Stop);
            var status = first.Daemon.Status("Recorded");
            (status.OwnedHere, status.Owner).ShouldBe((false, "second"));
        }
        finally
        {
            leave.Set();
        }

        await EventuallyAsync(() => first.Daemon.Status("Recorded") is { State: ShardState.Standby, Owner: "second" });
    }

    [Fact]
    public async Task An_owner_that_hears_of_a_later_one_stops_at_once()
    {
        await MakeTableAsync();
        await using var running = Run(
            Store, options => options.OwnerCheckInterval = TimeSpan.FromHours(1), new RecordingProjection());
        var last = await PostManyAsync(1);
        await running.Daemon.WaitForAsync("Recorded", last, Patience, Stop);
        var later = await ScalarAsync<long>(
            "UPDATE chat_store.projection_shards SET epoch = epoch + 1000000000 RETURNING epoch");
        NewStore().Announcer.Progressed("Recorded:All", later, last);

        for (var tries = 0; await ScalarAsync<long>("SELECT epoch FROM chat_store.projection_shards") <= later; tries++)
        {
            tries.ShouldBeLessThan(200, "it stops, and owns it anew");
            await Task.Delay(20, Stop);
        }
    }

    [Fact]
    public void What_the_former_owner_has_yet_to_tell_is_not_the_position()
    {
        var progress = new ShardProgress(new("Recorded", 1, 1), 10);
        var lost = progress.Own(new(5, 1));
        progress.Heard(5, inEpoch: 1, "a");
        lost.IsCompleted.ShouldBeFalse("it is the own announcement");
        progress.Heard(9, inEpoch: 2, "b");
        lost.IsCompleted.ShouldBeTrue();
        progress.Advance(7);
        progress.Disown();
        progress.Position.ShouldBe(9);
        progress.Status(9, _ => null, default).Owner.ShouldBe("b");
    }

    [Fact]
    public async Task Connections_go_back_to_the_pool_as_they_were()
    {
        await MakeTableAsync();
        var dataSource = NewDataSource(builder => (builder.MaxPoolSize, builder.NoResetOnClose) = (1, true));
        await using var connection = await DataSource.OpenConnectionAsync(Stop);
        var before = await TextAsync(connection, Settings);
        for (var i = 0; i < 3; i++)
        {
            await using var held = await dataSource.OpenConnectionAsync(Stop);
            await using (var one = await ShardLock.TryTakeAsync(held, 7, Stop))
            {
                one.ShouldNotBeNull();
                (await TextAsync(held, Settings)).ShouldContain("tcp_user_timeout=3000");
                (await ShardLock.TryTakeAsync(connection, 7, Stop)).ShouldBeNull();
            }

            (await TextAsync(held, Settings)).ShouldBe(before);
            (await ScalarAsync<long>($"SELECT count(*) FROM pg_locks WHERE {AdvisoryHere}")).ShouldBe(0);
        }
    }

    [Fact]
    public async Task A_lock_that_was_asked_for_in_vain_does_not_lie_in_the_pool()
    {
        var dataSource = NewDataSource(builder => builder.NoResetOnClose = true);
        for (var i = 0; i < 20; i++)
        {
            using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(i));
            await using var connection = await dataSource.OpenConnectionAsync(Stop);
            try
            {
                var held = await ShardLock.TryTakeAsync(connection, 8, cancelled.Token);
                await held.ShouldNotBeNull().DisposeAsync();
            }
            catch (OperationCanceledException)
            {
                connection.State.ShouldNotBe(System.Data.ConnectionState.Open);
            }
        }

        for (var tries = 0; await ScalarAsync<long>(
            $"SELECT count(*) FROM pg_locks WHERE {AdvisoryHere} AND objid = 8") > 0; tries++)
        {
            tries.ShouldBeLessThan(100);
            await Task.Delay(20, Stop);
        }
    }

    [Fact]
    public async Task A_store_runs_one_daemon_at_a_time()
    {
        await MakeTableAsync();
        await using (var running = Run(Store, new RecordingProjection()))
        {
            await EventuallyAsync(() => running.Daemon.Status("Recorded").OwnedHere);
            var other = NewDaemon(Store, null, new RecordingProjection("Other"));
            await Should.ThrowAsync<InvalidOperationException>(
                () => running.Daemon.RunAsync(Stop).WaitAsync(Patience, Stop));
            await Should.ThrowAsync<InvalidOperationException>(
                () => other.RunAsync(Stop).WaitAsync(Patience, Stop));
        }

        await using var next = Run(Store, new RecordingProjection());
        await next.Daemon.WaitForAsync("Recorded", await PostManyAsync(1), Patience, Stop);
    }

    [Fact]
    public void Limits_are_checked()
    {
        Should.Throw<InvalidOperationException>(() => NewDaemon(
            Store, options => options.OwnershipInterval = TimeSpan.FromSeconds(3), new RecordingProjection()));
        Should.Throw<InvalidOperationException>(() => NewDaemon(
            Store, options => options.PauseInterval = TimeSpan.Zero, new RecordingProjection()));
        Should.Throw<InvalidOperationException>(() => NewDaemon(
            Store, options => options.RetriesMax = -1, new RecordingProjection()));
        Should.Throw<ArgumentException>(() => NewDaemon(Store, null, new RecordingProjection { Shards = 65 }));
        Should.Throw<ArgumentException>(() => NewDaemon(Store, null, new RecordingProjection { Shards = 0 }));
        foreach (var name in (string[])["", "tab\t", new('x', EventStoreOptions.MaxNodeNameLength + 1)])
        {
            Should.Throw<ArgumentException>(() => NewDaemon(Store, null, new RecordingProjection(name)));
            Should.Throw<InvalidOperationException>(() => NewStore(options => options.NodeName = name));
        }

        NewStore(options => options.NodeName = new('x', EventStoreOptions.MaxNodeNameLength));
    }

    private Task TerminateOwnerAsync() => ExecuteAsync(
        $"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE {AdvisoryHere}");

    private static async Task<string> TextAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (string)(await command.ExecuteScalarAsync(Stop))!;
    }
}
