using Npgsql;

namespace Chat.EventStore.Tests;

/// <summary>Events that a projection cannot apply.</summary>
public sealed class FailureTests(StoreDatabase database) : DaemonTest(database)
{
    [Fact]
    public async Task The_shard_pauses_before_the_event_and_goes_on_when_asked()
    {
        await MakeTableAsync();
        var poison = await PoisonedAsync(30, 17);
        var isBroken = true;
        var projection = new RecordingProjection
        {
            BeforeApply = page => Check(page, poison.Sequence, () => isBroken),
        };
        await using var running = Run(Store, projection);

        await EventuallyAsync(() => running.Daemon.Status("Recorded").State == ShardState.Paused);
        var shard = running.Daemon.Status("Recorded").Shards[0];
        shard.Failing.ShouldBe(new(poison.Sequence, poison.Id, "message_posted", "poison"));
        (shard.Position, shard.LastError).ShouldBe((poison.Sequence - 1, "poison"));
        (await ScalarAsync<long>("SELECT max(sequence) FROM recorded")).ShouldBe(poison.Sequence - 1);

        isBroken = false;
        running.Daemon.Resume("Recorded");
        await running.Daemon.WaitForAsync("Recorded", 30, Patience, Stop);
        await ShouldHaveRecordedAllAsync();
        running.Daemon.Status("Recorded").State.ShouldBe(ShardState.Running);
        (await ScalarAsync<long>("SELECT count(*) FROM chat_store.projection_shards WHERE failure IS NULL"))
            .ShouldBe(1);
    }

    [Fact]
    public async Task A_paused_shard_tries_again_by_itself()
    {
        await MakeTableAsync();
        var failures = 0;
        var projection = new RecordingProjection
        {
            BeforeApply = _ =>
            {
                if (failures++ < 6)
                    throw new InvalidOperationException("not yet");
            },
        };
        await using var running = Run(
            Store,
            options => (options.PauseInterval, options.RetriesMax) = (TimeSpan.FromMilliseconds(50), 1),
            projection);
        await running.Daemon.WaitForAsync("Recorded", await PostManyAsync(1), Patience, Stop);
        failures.ShouldBe(7);
    }

    [Fact]
    public async Task Another_process_sees_the_pause_and_can_end_it()
    {
        await MakeTableAsync();
        var poison = await PoisonedAsync(3, 2);
        var isBroken = true;
        await using var owner = Run(Store, new RecordingProjection
        {
            BeforeApply = page => Check(page, poison.Sequence, () => isBroken),
        });
        await EventuallyAsync(() => owner.Daemon.Status("Recorded").State == ShardState.Paused);
        await using var other = Run(NewStore(), new RecordingProjection());
        await EventuallyAsync(() => other.Daemon.Status("Recorded").State == ShardState.Paused);
        other.Daemon.Status("Recorded").Shards[0].Failing.ShouldBe(owner.Daemon.Status("Recorded").Shards[0].Failing);

        isBroken = false;
        other.Daemon.Resume("Recorded");
        await other.Daemon.WaitForAsync("Recorded", 3, Patience, Stop);
        await EventuallyAsync(() => other.Daemon.Status("Recorded") is { LastError: null, State: ShardState.Standby });
    }

    [Fact]
    public async Task Skipped_events_become_dead_letters_and_the_rest_is_applied()
    {
        await MakeTableAsync();
        await PostManyAsync(200);
        var calls = 0;
        var projection = new RecordingProjection
        {
            OnFailure = FailurePolicy.Skip,
            BeforeApply = page =>
            {
                calls++;
                Check(page, 7, () => true);
                Check(page, 150, () => true);
                Check(page, 151, () => true);
            },
        };
        await using var running = Run(Store, options => options.RetriesMax = 1, projection);

        await running.Daemon.WaitForAsync("Recorded", 200, Patience, Stop);

        (await ScalarAsync<long>("SELECT count(*) FROM recorded WHERE sequence NOT IN (7, 150, 151)")).ShouldBe(197);
        var letters = await running.Daemon.DeadLettersAsync("Recorded", 0, 10, Stop);
        letters.Select(one => one.Sequence).ShouldBe([7, 150, 151]);
        var first = await Store.ReadAllAsync(6, 7, Stop).FirstAsync(Stop);
        letters[0].ShouldBe(new(
            "Recorded", "Recorded:All", 7, first.Id, Room, "message_posted", "poison", letters[0].SkippedAt));
        (await running.Daemon.DeadLettersAsync("Recorded", 7, 1, Stop)).ShouldHaveSingleItem().Sequence.ShouldBe(150);
        running.Daemon.Status("Recorded").DeadLetters.ShouldBe(3);
        calls.ShouldBeLessThan(70, "the event is found by halving");
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => running.Daemon.DeadLettersAsync(
            "Recorded", 0, ProjectionOptions.DeadLetterPageMax + 1, Stop));
    }

    [Fact]
    public async Task A_letter_and_the_progress_past_it_are_one_transaction()
    {
        await MakeTableAsync();
        await ExecuteAsync(
            """
            CREATE FUNCTION spy() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO recorded (projection, sequence) VALUES ('letter ' || NEW.sequence, txid_current());
                RETURN NEW;
            END $$;
            CREATE TRIGGER spy AFTER INSERT ON chat_store.dead_letters FOR EACH ROW EXECUTE FUNCTION spy()
            """);
        try
        {
            await PostManyAsync(1);
            await using var running = Run(Store, new RecordingProjection
            {
                OnFailure = FailurePolicy.Skip,
                BeforeApply = page => Check(page, 1, () => true),
            });
            await running.Daemon.WaitForAsync("Recorded", 1, Patience, Stop);

            (await ScalarAsync<long>("SELECT sequence FROM recorded WHERE projection = 'letter 1'")).ShouldBe(
                await ScalarAsync<long>("SELECT xmin::text::bigint FROM mt_event_progression"));
        }
        finally
        {
            await ExecuteAsync("DROP TRIGGER spy ON chat_store.dead_letters; DROP FUNCTION spy");
        }
    }

    [Fact]
    public async Task Unreadable_events_take_the_same_way()
    {
        await MakeTableAsync();
        await PostManyAsync(4);
        await ExecuteAsync("UPDATE mt_events SET type = 'never_mapped' WHERE seq_id = 3");
        await using var running = Run(Store, new RecordingProjection
        {
            OnFailure = FailurePolicy.Skip,
            BeforeApply = page =>
            {
                foreach (var one in page)
                    one.Data.ShouldNotBeNull();
            },
        });
        await running.Daemon.WaitForAsync("Recorded", 4, Patience, Stop);

        var letter = (await running.Daemon.DeadLettersAsync("Recorded", 0, 10, Stop)).ShouldHaveSingleItem();
        (letter.Sequence, letter.EventTypeName).ShouldBe((3, "never_mapped"));
        letter.Error.ShouldContain("not mapped");
    }

    [Fact]
    public async Task Lost_connections_and_broken_ones_are_told_apart()
    {
        await MakeTableAsync();
        await PostManyAsync(10);
        var kills = 0;
        var projection = new RecordingProjection
        {
            OnFailure = FailurePolicy.Skip,
            BeforeCommit = async (connection, page) =>
            {
                if (page.All(one => one.Sequence != 6) || kills++ >= 20)
                    return;
                await using var suicide = new NpgsqlCommand(
                    "SELECT pg_terminate_backend(pg_backend_pid())", connection);
                await suicide.ExecuteNonQueryAsync(Stop);
            },
        };
        await using (var running = Run(Store, options => options.RetryDelayMax = options.RetryDelayMin, projection))
            await running.Daemon.WaitForAsync("Recorded", 10, Patience, Stop);
        kills.ShouldBeGreaterThan(20);
        (await ScalarAsync<long>("SELECT count(*) FROM chat_store.dead_letters")).ShouldBe(0);

        // An error of the projection's own that takes the connection with it still counts.
        await ExecuteAsync("TRUNCATE recorded, mt_event_progression");
        projection.BeforeCommit = (connection, page) =>
        {
            if (page.All(one => one.Sequence != 6))
                return Task.CompletedTask;
            var reason = new InvalidOperationException("torn");
            NpgsqlSocket.Drop(connection, reason);
            throw reason;
        };
        await using (var running = Run(Store, options => options.RetryDelayMax = options.RetryDelayMin, projection))
            await running.Daemon.WaitForAsync("Recorded", 10, Patience, Stop);
        (await ScalarAsync<long>("SELECT sum(sequence)::bigint FROM chat_store.dead_letters")).ShouldBe(6);
        (await ScalarAsync<long>("SELECT count(*) FROM recorded")).ShouldBe(9);
    }

    [Fact]
    public async Task Trouble_with_the_progress_itself_is_not_the_events()
    {
        await UseOwnDatabaseAsync();
        await MakeTableAsync();
        var projection = new RecordingProjection { OnFailure = FailurePolicy.Skip };
        await using var running = Run(Store, projection);
        await running.Daemon.WaitForAsync("Recorded", await PostManyAsync(1), Patience, Stop);
        await ExecuteAsync("ALTER TABLE mt_event_progression RENAME TO away");
        var last = await PostManyAsync(5);
        await EventuallyAsync(() => running.Daemon.Status("Recorded").LastError is not null);
        await ExecuteAsync("ALTER TABLE away RENAME TO mt_event_progression");

        await running.Daemon.WaitForAsync("Recorded", last, Patience, Stop);
        await ShouldHaveRecordedAllAsync();
        running.Daemon.Status("Recorded").DeadLetters.ShouldBe(0);
    }

    [Fact]
    public async Task A_slow_projection_holds_up_no_other()
    {
        await MakeTableAsync();
        await PostManyAsync(50);
        var leave = new TaskCompletionSource();
        var slow = new RecordingProjection("Slow") { BeforeCommit = (_, _) => leave.Task };
        var store = NewStore(options => (options.CatchUpPageEvents, options.TailWindowEvents) = (10, 10));
        await using var running = Run(store, slow, new RecordingProjection());
        await running.Daemon.WaitForAsync("Recorded", await PostManyAsync(50), Patience, Stop);
        running.Daemon.Status("Slow").Position.ShouldBe(0);

        leave.SetResult();
        await running.Daemon.WaitForAsync("Slow", 100, Patience, Stop);
        await ShouldHaveRecordedAllAsync("Slow");
    }

    [Fact]
    public async Task Who_is_no_longer_the_owner_writes_no_pause_and_blames_no_event_afterwards()
    {
        await UseOwnDatabaseAsync();
        await MakeTableAsync();
        await SpyOnShardsAsync();
        var isBroken = true;
        var projection = new RecordingProjection
        {
            BeforeApply = _ =>
            {
                if (!isBroken)
                    return;
                isBroken = false;
                using var command = DataSource.CreateCommand(
                    "UPDATE chat_store.projection_shards SET epoch = epoch + 1");
                command.ExecuteNonQuery();
                throw new InvalidOperationException("poison");
            },
        };
        await using var running = Run(Store, options => options.RetriesMax = 0, projection);

        await running.Daemon.WaitForAsync("Recorded", await PostManyAsync(1), Patience, Stop);

        (await ScalarAsync<long>("SELECT count(*) FROM spied WHERE failure IS NOT NULL")).ShouldBe(0);
    }

    [Fact]
    public async Task A_claim_and_a_pause_do_not_wait_for_the_disk()
    {
        await UseOwnDatabaseAsync();
        await MakeTableAsync();
        await SpyOnShardsAsync();
        await using var running = Run(
            Store, new RecordingProjection { BeforeApply = _ => throw new InvalidOperationException("poison") });
        await PostManyAsync(1);
        await EventuallyAsync(() => running.Daemon.Status("Recorded").State == ShardState.Paused);

        (await ScalarAsync<string>("SELECT string_agg(concat(failure, ' ', setting), ', ') FROM spied"))
            .ShouldBe(" off, poison off");
    }

    [Theory]
    [InlineData("SET LOCAL statement_timeout = 100; SELECT pg_sleep(5)", 0)]
    [InlineData("SELECT pg_sleep(5)", 1)]
    public async Task Pages_that_take_too_long_are_made_smaller_and_no_event_is_blamed(string slow, int timeoutSeconds)
    {
        await MakeTableAsync();
        await PostManyAsync(4);
        var alone = 0;
        var projection = new RecordingProjection
        {
            OnFailure = FailurePolicy.Skip,
            BeforeCommit = async (connection, page) =>
            {
                if (page.Count == 1 && (page[0].Sequence != 3 || alone++ > 0))
                    return;
                await using var command = new NpgsqlCommand(slow, connection) { CommandTimeout = timeoutSeconds };
                await command.ExecuteNonQueryAsync(Stop);
            },
        };
        await using var running = Run(Store, options => options.RetriesMax = 0, projection);

        await running.Daemon.WaitForAsync("Recorded", 4, Patience, Stop);

        await ShouldHaveRecordedAllAsync();
        alone.ShouldBe(2);
        running.Daemon.Status("Recorded").DeadLetters.ShouldBe(0);
    }

    [Fact]
    public void A_moved_progress_ends_the_search()
    {
        var isolation = new FailureIsolation(retriesMax: 0);
        var page = Enumerable.Range(11, 8).Select(Event).ToList();
        isolation.Start(10);
        isolation.Failed(isolation.Next(page), "broken");
        isolation.Next(page).Count.ShouldBe(4);
        isolation.Start(10);
        isolation.Next(page).Count.ShouldBe(4, "a lost connection changes nothing");
        isolation.Start(0);
        isolation.Next(page).Count.ShouldBe(8);
    }

    private Task SpyOnShardsAsync() => ExecuteAsync(
        """
        CREATE TABLE spied (failure text, setting text);
        CREATE FUNCTION spy() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO spied VALUES (NEW.failure, current_setting('synchronous_commit'));
            RETURN NEW;
        END $$;
        CREATE TRIGGER spy AFTER INSERT OR UPDATE ON chat_store.projection_shards
        FOR EACH ROW EXECUTE FUNCTION spy()
        """);

    private static StoredEvent Event(int sequence) => new(new StoredEvent.Content("x"))
    {
        Id = Guid.NewGuid(),
        StreamId = Guid.NewGuid(),
        Version = 1,
        Sequence = sequence,
        EventTypeName = "x",
        Timestamp = DateTimeOffset.UnixEpoch,
    };

    private static void Check(IReadOnlyList<StoredEvent> page, long poison, Func<bool> isBroken)
    {
        if (isBroken() && page.Any(one => one.Sequence == poison))
            throw new InvalidOperationException("poison");
    }

    private async Task<StoredEvent> PoisonedAsync(int events, long poison)
    {
        await PostManyAsync(events);
        return await Store.ReadAllAsync(poison - 1, poison, Stop).FirstAsync(Stop);
    }
}
