namespace Chat.EventStore.Tests;

public sealed class TailTests(StoreDatabase database) : StoreTest(database)
{
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    private readonly Guid room = Guid.NewGuid();

    [Fact]
    public async Task Followers_get_the_past_and_then_the_present_each_event_once()
    {
        for (var i = 0; i < 5; i++)
            await PostAsync(room);
        await using var all = new TailFollower(Store.Tail);
        await using var some = new TailFollower(Store.Tail, after: 3);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => PostAsync(room)));

        (await all.WaitForAsync(55)).ShouldBe(Enumerable.Range(1, 55).Select(n => (long)n));
        (await some.WaitForAsync(52)).ShouldBe(Enumerable.Range(4, 52).Select(n => (long)n));
        Store.Tail.Position.ShouldBe(55);
    }

    [Fact]
    public async Task Own_commits_arrive_in_memory_as_the_log_has_them()
    {
        var store = NewStore(options => options.TailPollInterval = Never);
        await using var follower = new TailFollower(store.Tail);
        for (var i = 0; i < 20; i++)
        {
            var append = Post(room, "text", number: i) with
            {
                Metadata = new()
                {
                    CorrelationId = "c",
                    Headers = new Dictionary<string, string> { ["actor"] = "ann" },
                },
            };
            await store.AppendAsync(append, Stop);
        }

        await follower.WaitForAsync(20);
        var stored = await store.ReadStreamAsync(room, cancellationToken: Stop).ToListAsync(Stop);
        foreach (var (live, read) in follower.Events.Zip(stored))
        {
            live.Data.ShouldBe(read.Data);
            (live.Id, live.Version, live.Sequence, live.Timestamp, live.EventTypeName, live.CorrelationId)
                .ShouldBe(
                    (read.Id, read.Version, read.Sequence, read.Timestamp, read.EventTypeName, read.CorrelationId));
            live.Headers.ShouldBe(read.Headers);
        }
    }

    [Fact]
    public async Task Other_processes_are_heard_without_polling()
    {
        var store = NewStore(options => options.TailPollInterval = Never);
        await using var follower = new TailFollower(store.Tail);
        await store.AppendAsync(Post(room), Stop);
        await follower.WaitForAsync(1);
        var other = NewStore();
        for (var i = 0; i < 10; i++)
            await other.AppendAsync(Post(room), Stop);

        (await follower.WaitForAsync(11)).ShouldBe(Enumerable.Range(1, 11).Select(n => (long)n));
    }

    [Fact]
    public async Task What_nobody_announces_is_found_by_the_slow_poll()
    {
        var store = NewStore(options => options.TailPollInterval = TimeSpan.FromMilliseconds(100));
        await using var follower = new TailFollower(store.Tail);
        await store.AppendAsync(Post(room), Stop);
        await follower.WaitForAsync(1);
        await ExecuteAsync(
            $$"""
            INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            SELECT nextval('mt_events_sequence'), gen_random_uuid(), '{{room}}', 2, '{"Text": "foreign"}',
                   'message_edited', now()
            """);

        await follower.WaitForAsync(2);
        follower.Events[1].Data.ShouldBe(new MessageEdited("foreign"));
    }

    [Fact]
    public async Task A_slow_follower_drops_nothing_slows_nobody_and_costs_no_memory()
    {
        var store = NewStore(options => (options.TailWindowEvents, options.TailPageEvents) = (10, 5));
        var gate = new TaskCompletionSource();
        await using var slow = new TailFollower(store.Tail, afterPage: () => gate.Task);
        await using var fast = new TailFollower(store.Tail);
        await store.AppendAsync(Post(room), Stop);
        await slow.WaitForAsync(1);
        for (var i = 0; i < 200; i++)
            await store.AppendAsync(Post(room), Stop);

        (await fast.WaitForAsync(201)).ShouldBe(Enumerable.Range(1, 201).Select(n => (long)n));
        store.Tail.EventsInMemory.ShouldBeLessThanOrEqualTo(10);
        slow.Sequences.Count.ShouldBeLessThan(6, "a page is bounded");
        gate.SetResult();
        (await slow.WaitForAsync(201)).ShouldBe(Enumerable.Range(1, 201).Select(n => (long)n));
    }

    [Fact]
    public async Task The_window_is_bounded_by_bytes_too()
    {
        var store = NewStore(options => options.TailWindowBytes = 5000);
        await using var follower = new TailFollower(store.Tail);
        for (var i = 0; i < 20; i++)
            await store.AppendAsync(Post(room, new('x', 1000)), Stop);

        await follower.WaitForAsync(20);
        store.Tail.EventsInMemory.ShouldBeLessThanOrEqualTo(4);
    }

    [Fact]
    public async Task Followers_survive_terminated_backends()
    {
        var other = NewStore();
        await using var follower = new TailFollower(Store.Tail);
        for (var i = 0; i < 30; i++)
        {
            if (i % 10 == 5)
            {
                await ExecuteAsync(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()
                    """);
            }

            await (i % 2 == 0 ? Store : other).AppendAsync(Post(room), Stop);
        }

        var sequences = await follower.WaitForAsync(30);
        sequences.ShouldBe(sequences.Distinct().Order());
        follower.Events.Select(one => one.Version).ShouldBe(Enumerable.Range(1, 30).Select(n => (long)n));
    }

    [Fact]
    public async Task Followers_that_are_behind_get_the_same_objects_and_leave_nothing()
    {
        for (var i = 0; i < 50; i++)
            await PostAsync(room);
        var store = await NewListeningStoreAsync();
        var end = new TaskCompletionSource();
        await using var first = new TailFollower(store.Tail, afterPage: () => end.Task);
        await first.WaitForAsync(1);
        await using var second = new TailFollower(store.Tail);
        await second.WaitForAsync(53);
        store.Tail.BytesForCatchingUp.ShouldBePositive();
        end.SetResult();
        await first.WaitForAsync(53);

        first.Events.Zip(second.Events).ShouldAllBe(pair => ReferenceEquals(pair.First, pair.Second));
        for (var tries = 0; store.Tail.BytesForCatchingUp > 0; tries++)
        {
            tries.ShouldBeLessThan(500, "nobody is behind");
            await Task.Delay(5, Stop);
        }
    }

    [Fact]
    public async Task An_erasure_drops_the_pages_of_those_who_are_behind()
    {
        var person = Guid.NewGuid();
        for (var i = 0; i < 30; i++)
        {
            await Store.AppendAsync(
                Post(room) with { Events = [new(Guid.NewGuid(), new ProfileChanged(person, "Ann", "a@b", Mood.Calm))] },
                Stop);
        }

        var store = await NewListeningStoreAsync();
        var go = new TaskCompletionSource();
        await using var first = new TailFollower(store.Tail, afterPage: () => go.Task);
        await first.WaitForAsync(10);
        for (var tries = 0; store.Tail.BytesForCatchingUp < 20 * LogPages.EventOverheadBytes; tries++)
        {
            tries.ShouldBeLessThan(500, "the next page is read ahead");
            await Task.Delay(5, Stop);
        }

        await store.Keys.EraseAsync(person, Stop);
        store.Tail.BytesForCatchingUp.ShouldBe(0);
        go.SetResult();
        await first.WaitForAsync(33);
        first.Events.Take(10).ShouldAllBe(one => ((ProfileChanged)one.Data).DisplayName == "Ann");
        first.Events.Skip(10).Take(20).ShouldAllBe(one => ((ProfileChanged)one.Data).DisplayName == "");
    }

    [Fact]
    public async Task A_closed_tail_ends_its_followers()
    {
        var store = NewStore();
        var following = Task.Run(async () =>
        {
            await foreach (var page in store.Tail.FollowAsync(0, Stop))
                page.Count.ShouldBePositive();
        });
        await store.AppendAsync(Post(room), Stop);
        await store.DisposeAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => following);
    }

    [Fact]
    public async Task A_retry_tells_of_events_that_nobody_announced()
    {
        var store = NewStore(options => options.TailPollInterval = Never);
        var other = NewStore(options => options.TailPollInterval = Never);
        await using var follower = new TailFollower(store.Tail);
        await using var otherFollower = new TailFollower(other.Tail);
        await store.AppendAsync(Post(room), Stop);
        await follower.WaitForAsync(1);
        await otherFollower.WaitForAsync(1);
        var id = Guid.NewGuid();
        await ExecuteAsync(
            $$"""
            INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            SELECT nextval('mt_events_sequence'), '{{id}}', '{{room}}', 2, '{"Text": "x"}', 'message_edited', now()
            """);

        (await store.AppendAsync(Post(room, id: id), Stop)).AlreadyAppended.ShouldBeTrue();

        await follower.WaitForAsync(2);
        await otherFollower.WaitForAsync(2);
    }

    [Fact]
    public void What_was_decrypted_before_the_window_forgot_does_not_stay_in_it()
    {
        var window = new TailWindow(eventsMax: 10, bytesMax: 1000);
        window.Start(0);
        var decryptedAt = window.Generation;
        var secret = new StoredEvent(new StoredEvent.Content("secret"))
        {
            Id = Guid.NewGuid(),
            StreamId = room,
            Version = 1,
            Sequence = 1,
            EventTypeName = "secret_told",
            Timestamp = DateTimeOffset.UnixEpoch,
        };
        StoredEvent[] page = [secret];

        window.Forget();

        window.Publish(0, page, decryptedAt).ShouldBeFalse();
        (window.Events, window.Position).ShouldBe((0, 0));
        window.Publish(0, page, window.Generation).ShouldBeTrue();
    }

    // It drops its pages when it begins to listen, as it may have missed an erasure: to be over before a test counts.
    private async Task<EventStore> NewListeningStoreAsync()
    {
        var store = NewStore(options => (options.CatchUpPageEvents, options.TailPollInterval) = (10, Never));
        store.Tail.Start();
        for (var i = 0; i < 3; i++)
        {
            var last = (await PostAsync(room)).LastSequence;
            for (var tries = 0; store.Tail.Position < last; tries++)
            {
                tries.ShouldBeLessThan(1000);
                await Task.Delay(5, Stop);
            }
        }

        return store;
    }
}
