namespace Chat.EventStore.Tests;

public sealed class AppendTests(StoreDatabase database) : StoreTest(database)
{
    private readonly Guid room = Guid.NewGuid();

    [Fact]
    public async Task Versions_and_sequences_count_up()
    {
        var first = await PostAsync(room);
        var second = await PostAsync(room);

        first.FirstVersion.ShouldBe(1);
        second.FirstVersion.ShouldBe(2);
        second.LastSequence.ShouldBeGreaterThan(first.LastSequence);
        first.AlreadyAppended.ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_written_is_read()
    {
        var append = Post(room, "grüß dich 👋") with
        {
            Metadata = new()
            {
                CorrelationId = "c-1",
                CausationId = "c-0",
                Actor = "ann",
                Headers = new Dictionary<string, string> { ["actor"] = "bob", ["command"] = "PostMessage" },
            },
        };
        var result = await Store.AppendAsync(append, Stop);

        var stored = await Store.ReadStreamAsync(room, cancellationToken: Stop).SingleAsync(Stop);
        stored.Id.ShouldBe(append.Events[0].Id);
        stored.StreamId.ShouldBe(room);
        stored.Version.ShouldBe(1);
        stored.Sequence.ShouldBe(result.LastSequence);
        stored.EventTypeName.ShouldBe("message_posted");
        stored.Data.ShouldBe(new MessagePosted("grüß dich 👋", 0));
        stored.Timestamp.ShouldBe(result.Timestamp);
        stored.CorrelationId.ShouldBe("c-1");
        stored.CausationId.ShouldBe("c-0");
        stored.Actor.ShouldBe("ann");
        var headers = new Dictionary<string, string> { ["actor"] = "ann", ["command"] = "PostMessage" };
        stored.Headers.ShouldBe(headers, ignoreOrder: true);
        result.Headers.ShouldBe(stored.Headers, true);
    }

    [Fact]
    public async Task Rows_are_as_Marten_writes_them()
    {
        await PostAsync(room);

        (await ScalarAsync<string>("SELECT mt_dotnet_type FROM mt_events"))
            .ShouldBe("Chat.EventStore.Tests.MessagePosted, Chat.EventStore.Tests");
        (await ScalarAsync<string>("SELECT tenant_id FROM mt_events")).ShouldBe("*DEFAULT*");
        (await ScalarAsync<bool>("SELECT is_archived FROM mt_events")).ShouldBeFalse();
        (await ScalarAsync<string>("SELECT data::text FROM mt_events")).ShouldBe("""{"Text": "hello", "Number": 0}""");
        (await ScalarAsync<string>("SELECT concat_ws(' ', type, version, tenant_id, is_archived) FROM mt_streams"))
            .ShouldBe("room 1 *DEFAULT* f");
    }

    [Fact]
    public async Task Several_events_are_one_append()
    {
        await PostAsync(room);
        var result = await Store.AppendAsync(
            new()
            {
                StreamId = room,
                Events =
                    [.. Enumerable.Range(0, 3).Select(n => new NewEvent(Guid.NewGuid(), new MessagePosted("x", n)))],
            },
            Stop);

        (result.FirstVersion, result.LastVersion).ShouldBe((2, 4));
        await ShouldBeSoundAsync();
    }

    [Fact]
    public async Task Appenders_of_two_processes_never_fail_and_leave_no_gap()
    {
        var other = NewStore();
        var rooms = Enumerable.Range(0, 10).Select(_ => Guid.NewGuid()).ToArray();
        var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            var appended = new List<AppendResult>();
            for (var i = 0; i < 20; i++)
            {
                var into = caller % 2 == 0 ? Store : other;
                appended.Add(await into.AppendAsync(Post(rooms[random.Next(rooms.Length)], number: i), Stop));
            }

            return appended;
        })));

        results.SelectMany(one => one).Select(one => one.LastSequence).Distinct().Count().ShouldBe(64 * 20);
        (await ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(64 * 20);
        (await ScalarAsync<long>("SELECT max(seq_id) FROM mt_events")).ShouldBe(64 * 20, "no number was burnt");
        await ShouldBeSoundAsync();
    }

    [Fact]
    public async Task An_append_that_was_cancelled_early_is_not_written()
    {
        await Should.ThrowAsync<OperationCanceledException>(() => Store.AppendAsync(Post(room), new(canceled: true)));

        (await Store.FetchStreamStateAsync(room, Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task A_closed_store_refuses()
    {
        var closed = NewStore();
        await closed.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(() => closed.AppendAsync(Post(room), Stop));
    }
}
