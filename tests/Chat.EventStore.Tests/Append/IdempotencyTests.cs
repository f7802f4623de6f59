namespace Chat.EventStore.Tests;

public sealed class IdempotencyTests(StoreDatabase database) : StoreTest(database)
{
    private readonly Guid room = Guid.NewGuid();

    [Fact]
    public async Task A_retry_is_answered_with_the_first_result()
    {
        var append = new Append
        {
            StreamId = room,
            Events = [new(Guid.NewGuid(), new MessagePosted("a", 1)), new(Guid.NewGuid(), new MessagePosted("b", 2))],
            Metadata = new() { Headers = new Dictionary<string, string> { ["input"] = "first" } },
        };
        var first = await Store.AppendAsync(append, Stop);
        await PostAsync(room);

        var reuse =
            append with { Metadata = new() { Headers = new Dictionary<string, string> { ["input"] = "second" } } };
        var again = await Store.AppendAsync(reuse, Stop);

        again.AlreadyAppended.ShouldBeTrue();
        (again.FirstVersion, again.LastVersion, again.LastSequence)
            .ShouldBe((first.FirstVersion, first.LastVersion, first.LastSequence));
        again.Timestamp.ShouldBe(first.Timestamp);
        again.Headers!["input"].ShouldBe("first");
        (await Store.FetchStreamStateAsync(room, Stop))!.Version.ShouldBe(3);
        (await Store.FindAppendAsync(append.Events[0].Id, Stop)).ShouldNotBeNull().LastVersion.ShouldBe(2);
        (await Store.FindAppendAsync(Guid.NewGuid(), Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task A_retry_succeeds_though_its_condition_no_longer_holds()
    {
        var append = Post(room) with { Condition = AppendCondition.NoStream };
        await Store.AppendAsync(append, Stop);

        (await Store.AppendAsync(append, Stop)).AlreadyAppended.ShouldBeTrue();
    }

    [Fact]
    public async Task Racing_retries_write_once_whether_in_one_batch_one_process_or_two()
    {
        var other = NewStore();
        var ids = Enumerable.Range(0, 40).Select(_ => Guid.NewGuid()).ToArray();
        var results = await Task.WhenAll(ids.SelectMany(id => new[] { Store, Store, other, other }.Select(into =>
            Task.Run(async () => (Id: id, Result: await into.AppendAsync(Post(room, id: id), Stop))))));

        foreach (var same in results.GroupBy(one => one.Id))
        {
            same.Count(one => !one.Result.AlreadyAppended).ShouldBe(1);
            same.Select(one => one.Result.FirstVersion).Distinct().Count().ShouldBe(1);
        }

        (await ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(ids.Length);
        await ShouldBeSoundAsync();
    }

    [Fact]
    public async Task An_id_in_the_middle_of_another_append_is_refused_and_harms_nobody()
    {
        var taken = await PostAsync(room);
        var id = (await Store.ReadStreamAsync(room, cancellationToken: Stop).SingleAsync(Stop)).Id;
        var bad = Post(room) with
        {
            Events = [new(Guid.NewGuid(), new MessagePosted("a", 1)), new(id, new MessagePosted("b", 2))],
        };

        var neighbours = Enumerable.Range(0, 20).Select(_ => PostAsync(room)).ToArray();
        await Should.ThrowAsync<InvalidEventException>(() => Store.AppendAsync(bad, Stop));

        (await Task.WhenAll(neighbours)).ShouldAllBe(one => one.LastSequence > taken.LastSequence);
        (await Store.FetchStreamStateAsync(room, Stop))!.Version.ShouldBe(21);
        await ShouldBeSoundAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_retry_whose_first_append_cannot_be_found_is_told_at_once(bool alongside)
    {
        var append = Post(room) with
        {
            Events = [new(Guid.NewGuid(), new MessagePosted("a", 1)), new(Guid.NewGuid(), new MessagePosted("b", 2))],
        };
        await Store.AppendAsync(append, Stop);
        await ExecuteAsync("DELETE FROM mt_events WHERE version = 2");

        var retry = append with { Alongside = alongside ? [new("SELECT 1")] : null };
        await Should.ThrowAsync<StoreUnavailableException>(
            () => Store.AppendAsync(retry, Stop).WaitAsync(TimeSpan.FromSeconds(5), Stop));
    }
}
