namespace Chat.EventStore.Tests;

/// <summary>Appends to several streams in one transaction.</summary>
public sealed class SeveralStreamsTests(StoreDatabase database) : StoreTest(database)
{
    private readonly Guid left = Guid.NewGuid();
    private readonly Guid right = Guid.NewGuid();

    [Fact]
    public async Task All_are_written_together()
    {
        await PostAsync(right);

        var results = await Store.AppendAllAsync([Post(left), Post(right)], Stop);

        results.Select(result => result.FirstVersion).ShouldBe([1, 2]);
        (await ScalarAsync<long>("SELECT count(DISTINCT xmin::text) FROM mt_events WHERE seq_id > 1")).ShouldBe(1);
        await ShouldBeSoundAsync();
    }

    [Fact]
    public async Task A_condition_that_does_not_hold_refuses_all()
    {
        await PostAsync(right);

        var conflict = await Should.ThrowAsync<ConcurrencyException>(() => Store.AppendAllAsync(
            [Post(left), Post(right) with { Condition = AppendCondition.NoStream }], Stop));

        conflict.StreamId.ShouldBe(right);
        (await Store.FetchStreamStateAsync(left, Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task A_repetition_gets_the_first_results()
    {
        Append[] appends = [Post(left), Post(right)];
        var first = await Store.AppendAllAsync(appends, Stop);
        await PostAsync(left);

        var again = await Store.AppendAllAsync([appends[1], appends[0]], Stop);

        again.ShouldAllBe(result => result.AlreadyAppended);
        again.Select(result => result.LastSequence).ShouldBe([first[1].LastSequence, first[0].LastSequence]);
    }

    [Fact]
    public async Task An_id_that_belongs_to_another_append_refuses_all()
    {
        var id = Guid.NewGuid();
        await PostAsync(left, id: id);

        await Should.ThrowAsync<InvalidEventException>(
            () => Store.AppendAllAsync([Post(left, id: id), Post(right)], Stop));

        (await Store.FetchStreamStateAsync(right, Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task Racing_transfers_leave_every_stream_sound()
    {
        var streams = Enumerable.Range(0, 5).Select(_ => Guid.NewGuid()).ToArray();
        var transfers = Enumerable.Range(0, 40).Select(i =>
            Store.AppendAllAsync([Post(streams[i % 5]), Post(streams[(i + 1 + (i % 3)) % 5])], Stop));
        var posts = Enumerable.Range(0, 100).Select(i => PostAsync(streams[i % 5]));

        await Task.WhenAll(Task.WhenAll(transfers), Task.WhenAll(posts));

        (await ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(180);
        await ShouldBeSoundAsync();
    }

    [Fact]
    public async Task It_takes_one_append_for_each_of_some_streams()
    {
        await Should.ThrowAsync<ArgumentException>(() => Store.AppendAllAsync([], Stop));
        await Should.ThrowAsync<ArgumentException>(() => Store.AppendAllAsync([Post(left), Post(left)], Stop));
        var id = Guid.NewGuid();
        await Should.ThrowAsync<InvalidEventException>(
            () => Store.AppendAllAsync([Post(left, id: id), Post(right, id: id)], Stop));
    }

    [Fact]
    public async Task Together_they_are_as_large_as_one_append_may_be()
    {
        var store = NewStore(options => options.MaxEventsPerAppend = 2);

        await Should.ThrowAsync<EventTooLargeException>(
            () => store.AppendAllAsync([Post(left), Post(right), Post(Guid.NewGuid())], Stop));
        (await store.AppendAllAsync([Post(left), Post(right)], Stop)).Count.ShouldBe(2);
    }
}
