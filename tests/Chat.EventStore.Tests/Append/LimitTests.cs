namespace Chat.EventStore.Tests;

public sealed class LimitTests(StoreDatabase database) : StoreTest(database)
{
    // The lock that a batch takes: whoever holds it stops all writers.
    private const string AppendLock = "hashtextextended('chat_store.append', 0)";

    private readonly Guid room = Guid.NewGuid();

    public static TheoryData<string> BadTexts =>
        ["nul \0 inside", "\0", "half \ud83d a pair", "\ude00", "\ude00\ud83d", "ends \ud83d"];

    [Theory]
    [MemberData(nameof(BadTexts))]
    public async Task Text_that_jsonb_refuses_never_reaches_the_batch(string text)
    {
        var neighbours = Enumerable.Range(0, 20).Select(_ => PostAsync(room)).ToArray();

        await Should.ThrowAsync<InvalidEventException>(() => PostAsync(room, text));
        await Should.ThrowAsync<InvalidEventException>(
            () => Store.AppendAsync(Post(room) with { Metadata = new() { CausationId = text } }, Stop));
        await Should.ThrowAsync<InvalidEventException>(() => Store.AppendAsync(
            Post(room) with { Metadata = new() { Headers = new Dictionary<string, string> { [text] = "v" } } }, Stop));
        await Should.ThrowAsync<InvalidEventException>(() => Store.AppendAsync(
            Post(room) with { Condition = AppendCondition.Untouched(0, text) }, Stop));
        await Should.ThrowAsync<InvalidEventException>(
            () => Store.AppendAsync(
                Of(new NewEvent(Guid.NewGuid(), new ProfileChanged(room, null, text, Mood.Calm))), Stop));
        await Should.ThrowAsync<InvalidEventException>(
            () => Store.AppendAsync(Of(new NewEvent(Guid.NewGuid(), new Reacted(new() { [text] = 1 }))), Stop));
        await Should.ThrowAsync<InvalidEventException>(() => Store.AppendAsync(
            Post(room) with { Metadata = new() { Headers = new Dictionary<string, string> { ["k"] = text } } }, Stop));
        (await Task.WhenAll(neighbours)).Length.ShouldBe(20);
    }

    [Fact]
    public async Task Well_formed_text_comes_back_as_it_was_given()
    {
        var reacted = new Reacted(new() { ["\U0001f600\ufffd"] = 2 });
        await Store.AppendAsync(Of(new NewEvent(Guid.NewGuid(), reacted)), Stop);

        var stored = await Store.ReadStreamAsync(room, cancellationToken: Stop).SingleAsync(Stop);
        stored.Data.ShouldBeOfType<Reacted>().Counts.ShouldBe(reacted.Counts);
    }

    [Fact]
    public async Task A_written_out_escape_is_ordinary_text()
    {
        const string text = @"a backslash \u0000 and \\u0000";
        await PostAsync(room, text);

        var stored = await Store.ReadStreamAsync(room, cancellationToken: Stop).SingleAsync(Stop);
        stored.Data.ShouldBe(new MessagePosted(text, 0));
    }

    [Fact]
    public async Task Malformed_unicode_in_metadata_is_refused()
    {
        await Should.ThrowAsync<InvalidEventException>(
            () => Store.AppendAsync(Post(room) with { Metadata = new() { CorrelationId = "\ud800" } }, Stop));
        await Should.ThrowAsync<InvalidEventException>(
            () => Store.AppendAsync(Post(room) with { StreamType = "\ud800" }, Stop));
    }

    [Fact]
    public async Task What_only_PostgreSQL_refuses_fails_alone()
    {
        await UseOwnDatabaseAsync();
        await ExecuteAsync("ALTER TABLE mt_events ADD CONSTRAINT poison CHECK (data ->> 'Text' <> 'poison')");
        var good = Enumerable.Range(0, 40).Select(i => PostAsync(room, id: Guid.NewGuid())).ToArray();
        var bad = PostAsync(room, "poison");
        var more = Enumerable.Range(0, 40).Select(i => PostAsync(room)).ToArray();

        await Should.ThrowAsync<InvalidEventException>(() => bad);
        (await Task.WhenAll([.. good, .. more])).Length.ShouldBe(80);
        (await Store.FetchStreamStateAsync(room, Stop))!.Version.ShouldBe(80);
    }

    [Fact]
    public async Task Events_and_appends_have_a_largest_size()
    {
        var store = NewStore(
            options => (options.MaxEventBytes, options.MaxBatchBytes, options.MaxEventsPerAppend) = (1000, 1500, 3));

        await Should.ThrowAsync<EventTooLargeException>(() => store.AppendAsync(Post(room, new('x', 1000)), Stop));
        await Should.ThrowAsync<EventTooLargeException>(() => store.AppendAsync(Many(2, 900), Stop));
        await Should.ThrowAsync<EventTooLargeException>(() => store.AppendAsync(Many(4, 1), Stop));
        (await store.AppendAsync(Many(3, 300), Stop)).LastVersion.ShouldBe(3);
    }

    [Fact]
    public async Task The_default_limit_is_one_mebibyte()
    {
        await Should.ThrowAsync<EventTooLargeException>(() => PostAsync(room, new('x', 1024 * 1024)));
        (await PostAsync(room, new('x', (1024 * 1024) - 100))).FirstVersion.ShouldBe(1);
    }

    [Fact]
    public async Task Appends_need_known_types_events_tags_and_distinct_ids()
    {
        var id = Guid.NewGuid();
        await Should.ThrowAsync<InvalidEventException>(() => Store.AppendAsync(Of(new NewEvent(id, "a string")), Stop));
        await Should.ThrowAsync<InvalidEventException>(() => Store.AppendAsync(Of(), Stop));
        await Should.ThrowAsync<InvalidEventException>(
            () => Store.AppendAsync(Of(new(id, new MessageEdited("a")), new(id, new MessageEdited("b"))), Stop));
        await Should.ThrowAsync<InvalidEventException>(
            () => Store.AppendAsync(Of(new NewEvent(id, new MessageEdited("a")) { Tags = [new('t', 201)] }), Stop));
        await Should.ThrowAsync<InvalidEventException>(
            () => Store.AppendAsync(Of(new NewEvent(id, new MessageEdited("a")) { Tags = [null!] }), Stop));
        await Should.ThrowAsync<InvalidEventException>(() => Store.AppendAsync(
            Post(room) with { Condition = AppendCondition.Untouched(0, [null!]) }, Stop));
    }

    [Fact]
    public async Task A_full_queue_makes_callers_wait_and_then_fail()
    {
        var store = NewStore(options =>
        {
            options.AppendQueueCapacity = 2;
            options.MaxBatchEvents = 1;
            options.AppendDeadline = TimeSpan.FromSeconds(1);
        });
        await using (await HoldAppendLockAsync())
        {
            var callers = Enumerable.Range(0, 12).Select(_ => store.AppendAsync(Post(room), Stop)).ToArray();
            await Task.WhenAll(callers).ContinueWith(static _ => { }, TaskScheduler.Default);

            var failures = callers.Select(caller => caller.Exception!.InnerException!.GetType()).ToList();
            failures.Count(type => type == typeof(AppendOverloadedException)).ShouldBeGreaterThanOrEqualTo(6);
            failures.ShouldAllBe(
                type => type == typeof(AppendOverloadedException) || type == typeof(StoreUnavailableException));
        }

        (await store.AppendAsync(Post(room), Stop)).FirstVersion.ShouldBeInRange(1, 2);
    }

    [Fact]
    public async Task The_queue_is_bounded_in_bytes()
    {
        var options = Options(
            change => (change.AppendQueueBytes, change.AppendDeadline) = (2500, TimeSpan.FromSeconds(1)));
        var queue = new AppendQueue(options);
        var waiting = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PendingAsync(800)));
        foreach (var pending in waiting[..3])
            await queue.EnterAsync(pending, Stop);

        var fourth = queue.EnterAsync(waiting[3], Stop).AsTask();
        fourth.IsCompleted.ShouldBeFalse();
        queue.Leave(waiting[0]);
        await fourth;
        await Should.ThrowAsync<AppendOverloadedException>(() => queue.EnterAsync(waiting[0], Stop).AsTask());
    }

    [Fact]
    public async Task What_was_cancelled_counts_until_the_writer_has_dropped_it()
    {
        var options = Options(change => change.AppendQueueBytes = 2500);
        var queue = new AppendQueue(options);
        var waiting = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PendingAsync(800)));
        foreach (var pending in waiting[..3])
            await queue.EnterAsync(pending, Stop);
        var fourth = queue.EnterAsync(waiting[3], Stop).AsTask();

        waiting[1].Withdraw().ShouldBeTrue();
        fourth.IsCompleted.ShouldBeFalse();

        new WaitingAppends(queue, options).Next().ShouldBe([waiting[0], waiting[2]]);
        await fourth;
    }

    [Fact]
    public async Task Metadata_and_tags_have_a_largest_size()
    {
        var text = new string('c', EventMetadata.MaxTextLength + 1);
        var tags = Enumerable.Range(0, NewEvent.MaxTags + 1).Select(i => $"t{i}").ToArray();
        Append[] tooLarge =
        [
            Post(room) with { Metadata = new() { CorrelationId = text } },
            Post(room) with { Metadata = new() { CausationId = text } },
            Post(room) with { StreamType = text },
            Post(room) with { Condition = AppendCondition.Untouched(0, tags) },
            Of(new NewEvent(Guid.NewGuid(), new MessageEdited("x")) { Tags = tags }),
        ];
        foreach (var append in tooLarge)
            await Should.ThrowAsync<EventTooLargeException>(() => Store.AppendAsync(append, Stop));
    }

    [Fact]
    public async Task Past_the_deadline_the_socket_is_dropped_and_the_outcome_is_open()
    {
        var store = NewStore(options => options.AppendDeadline = TimeSpan.FromSeconds(1));
        await store.AppendAsync(Post(room), Stop);
        var append = Post(room);
        await using (await HoldAppendLockAsync())
        {
            await Should.ThrowAsync<StoreUnavailableException>(() => store.AppendAsync(append, Stop));

            // The backend waits for the lock; it goes because its client is gone, not because it was cancelled.
            await EventuallyAsync(async () => await WaitersAsync() == 0);
        }

        await store.AppendAsync(append, Stop);
        (await Store.FetchStreamStateAsync(room, Stop))!.Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_waiting_append_can_be_cancelled_and_is_then_never_written()
    {
        var store = NewStore(options => options.MaxBatchEvents = 1);
        Task<AppendResult> taken;
        await using (await HoldAppendLockAsync())
        {
            taken = store.AppendAsync(Post(room), Stop);
            await EventuallyAsync(async () => await WaitersAsync() == 1);
            using var cancel = new CancellationTokenSource();
            var waiting = store.AppendAsync(Post(room), cancel.Token);
            await cancel.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        }

        (await taken).FirstVersion.ShouldBe(1);
        (await store.AppendAsync(Post(room), Stop)).FirstVersion.ShouldBe(2);
    }

    [Fact]
    public async Task An_append_being_written_ignores_a_cancel_and_tells_the_outcome()
    {
        using var cancel = new CancellationTokenSource();
        Task<AppendResult> taken;
        await using (await HoldAppendLockAsync())
        {
            taken = Store.AppendAsync(Post(room), cancel.Token);
            await EventuallyAsync(async () => await WaitersAsync() == 1);
            await cancel.CancelAsync();
        }

        (await taken).FirstVersion.ShouldBe(1);
    }

    private static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        for (var tries = 0; !await holds(); tries++)
        {
            tries.ShouldBeLessThan(500);
            await Task.Delay(20, Stop);
        }
    }

    private async Task<IAsyncDisposable> HoldAppendLockAsync()
    {
        var connection = await NewDataSource(connect => connect.Pooling = false).OpenConnectionAsync(Stop);
        await using var command = new Npgsql.NpgsqlCommand($"SELECT pg_advisory_lock({AppendLock})", connection);
        await command.ExecuteNonQueryAsync(Stop);
        return connection;
    }

    private Task<long> WaitersAsync() => ScalarAsync<long>(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'");

    private async Task<PendingAppend> PendingAsync(int length)
    {
        var encoder = new AppendEncoder(new(Store.Options.Types, Store.Keys), Store.Options);
        return new(await encoder.EncodeAsync(Post(room, new('x', length)), Store.Tail.Generation, Stop), 0);
    }

    private Append Many(int events, int length)
    {
        var data = new MessageEdited(new('x', length));
        return Of([.. Enumerable.Range(0, events).Select(_ => new NewEvent(Guid.NewGuid(), data))]);
    }

    private Append Of(params NewEvent[] events) => new() { StreamId = room, Events = events };
}
