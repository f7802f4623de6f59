using Npgsql;

namespace Chat.EventStore.Tests;

/// <summary>Somebody else, such as Marten's AppendExclusive, holds what a write needs.</summary>
public sealed class ForeignLockTests(StoreDatabase database) : StoreTest(database)
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    private readonly Guid held = Guid.NewGuid();

    [Fact]
    public async Task A_locked_stream_holds_up_no_other()
    {
        await PostAsync(held);
        await using var foreign = await LockAsync();
        var waiting = Enumerable.Range(1, 40).Select(number => PostNumberAsync(number)).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => PostAsync(Guid.NewGuid()))).WaitAsync(Short, Stop);

        waiting.ShouldAllBe(one => !one.IsCompleted);
        await foreign.DisposeAsync();
        var results = await Task.WhenAll(waiting);
        results.Select(result => result.FirstVersion).ShouldBe(Enumerable.Range(2, 40).Select(i => (long)i));
        await ShouldBeSoundAsync();
    }

    [Fact]
    public async Task A_stream_that_stays_locked_fails_only_its_own_appends_at_their_deadline()
    {
        var store = NewStore(options => options.AppendDeadline = TimeSpan.FromMilliseconds(500));
        await PostAsync(held);
        await using var foreign = await LockAsync();
        var id = Guid.NewGuid();

        await Should.ThrowAsync<StoreUnavailableException>(() => store.AppendAsync(Post(held, id: id), Stop));

        await foreign.DisposeAsync();
        (await Store.FindAppendAsync(id, Stop)).ShouldBeNull();
        (await store.AppendAsync(Post(held), Stop)).FirstVersion.ShouldBe(2);
    }

    [Fact]
    public async Task Waiting_for_a_locked_stream_can_be_cancelled()
    {
        await PostAsync(held);
        await using var foreign = await LockAsync();
        using var cancel = new CancellationTokenSource(100);
        var id = Guid.NewGuid();

        await Should.ThrowAsync<OperationCanceledException>(
            () => Store.AppendAsync(Post(held, id: id), cancel.Token).WaitAsync(Short, Stop));

        await foreign.DisposeAsync();
        (await PostAsync(held)).FirstVersion.ShouldBe(2);
        (await Store.FindAppendAsync(id, Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task Appends_with_rows_alongside_wait_for_the_lock_too()
    {
        await PostAsync(held);
        await using var foreign = await LockAsync();
        var waiting = Store.AppendAsync(Post(held) with { Alongside = [new("SELECT 1")] }, Stop);
        await PostAsync(Guid.NewGuid()).WaitAsync(Short, Stop);
        waiting.IsCompleted.ShouldBeFalse();

        await foreign.DisposeAsync();

        (await waiting).FirstVersion.ShouldBe(2);
    }

    [Fact]
    public async Task A_stream_that_somebody_else_is_making_holds_up_no_other()
    {
        await using var connection = await DataSource.OpenConnectionAsync(Stop);
        await using var foreign = await connection.BeginTransactionAsync(Stop);
        await using (var command = new NpgsqlCommand(
            $"INSERT INTO mt_streams (id, version) VALUES ('{held}', 0)", connection))
            await command.ExecuteNonQueryAsync(Stop);
        var waiting = PostAsync(held);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => PostAsync(Guid.NewGuid()))).WaitAsync(2 * Short, Stop);

        waiting.IsCompleted.ShouldBeFalse();
        await foreign.RollbackAsync(Stop);
        (await waiting).FirstVersion.ShouldBe(1);
    }

    [Fact]
    public async Task A_stream_that_is_archived_while_an_append_looks_at_it_is_not_written_to()
    {
        await PostAsync(held);
        await using var connection = await DataSource.OpenConnectionAsync(Stop);
        await using var foreign = await connection.BeginTransactionAsync(Stop);
        await using (var archive = new NpgsqlCommand(
            $"UPDATE mt_streams SET is_archived = true WHERE id = '{held}'", connection))
            await archive.ExecuteNonQueryAsync(Stop);
        var posting = Store.AppendAsync(Post(held) with { Condition = AppendCondition.Version(1) }, Stop);
        await Task.Delay(40, Stop);

        await foreign.CommitAsync(Stop);

        await Should.ThrowAsync<StreamArchivedException>(() => posting);
    }

    [Fact]
    public async Task A_stream_that_foreign_writers_keep_busy_never_fails_without_an_expected_version()
    {
        await PostAsync(held);
        using var stop = new CancellationTokenSource();
        var foreign = Enumerable.Range(0, 3).Select(_ => Task.Run(() => WriteAsMartenAsync(stop.Token))).ToArray();

        var ours = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
                await PostAsync(held);
            return 25;
        })));

        await stop.CancelAsync();
        var theirs = await Task.WhenAll(foreign);
        ours.Sum().ShouldBe(100);
        theirs.Sum().ShouldBeGreaterThan(0);
        await ShouldBeSoundAsync();
    }

    [Fact]
    public async Task An_archived_stream_refuses_appends_and_no_neighbours()
    {
        await PostAsync(held);
        await ExecuteAsync($"UPDATE mt_streams SET is_archived = true WHERE id = '{held}'");
        var neighbours = Enumerable.Range(0, 20).Select(_ => PostAsync(Guid.NewGuid())).ToArray();

        var refused = await Should.ThrowAsync<StreamArchivedException>(() => PostAsync(held));
        await Should.ThrowAsync<StreamArchivedException>(
            () => Store.AppendAsync(Post(held) with { Alongside = [new("SELECT 1")] }, Stop));

        refused.StreamId.ShouldBe(held);
        (await Task.WhenAll(neighbours)).Length.ShouldBe(20);
        (await Store.FetchStreamStateAsync(held, Stop))!.Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_retry_finds_what_was_written_before_the_stream_was_archived()
    {
        var id = Guid.NewGuid();
        await PostAsync(held, id: id);
        await ExecuteAsync($"UPDATE mt_streams SET is_archived = true WHERE id = '{held}'");

        (await PostAsync(held, id: id)).AlreadyAppended.ShouldBeTrue();
    }

    private Task<AppendResult> PostNumberAsync(int number) => Store.AppendAsync(Post(held, number: number), Stop);

    private async Task<NpgsqlConnection> LockAsync()
    {
        var connection = await DataSource.OpenConnectionAsync(Stop);
        await using var command = new NpgsqlCommand(
            $"BEGIN; SELECT id FROM mt_streams WHERE id = '{held}' FOR UPDATE", connection);
        await command.ExecuteNonQueryAsync(Stop);
        return connection;
    }

    // The row first, then the event.
    private async Task<int> WriteAsMartenAsync(CancellationToken stop)
    {
        await using var connection = await DataSource.OpenConnectionAsync(Stop);
        await using var command = new NpgsqlCommand(
            $$"""
            WITH s AS (UPDATE mt_streams SET version = version + 1 WHERE id = '{{held}}' RETURNING version)
            INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            SELECT nextval('mt_events_sequence'), gen_random_uuid(), '{{held}}', s.version, '{"Text": "x"}',
                   'message_edited', now() FROM s
            """,
            connection);
        var written = 0;
        for (; !stop.IsCancellationRequested; written++)
            await command.ExecuteNonQueryAsync(Stop);
        return written;
    }
}
