using System.Transactions;

namespace Chat.EventStore.Tests;

/// <summary>What the store writes never becomes part of a caller's own transaction.</summary>
public sealed class CallerTransactionTests(StoreDatabase database) : StoreTest(database)
{
    [Fact]
    public async Task Appends_of_others_do_not_end_with_the_scope_of_the_caller_who_woke_the_writer()
    {
        await UseOwnDatabaseAsync();
        var store = NewStore();
        await ExecuteAsync("ALTER TABLE chat_store.stream_tags RENAME TO away");
        var unlucky = Post(Guid.NewGuid()) with { Condition = AppendCondition.Untouched(0, "x") };
        await Should.ThrowAsync<StoreUnavailableException>(() => store.AppendAsync(unlucky, Stop));
        await ExecuteAsync("ALTER TABLE chat_store.away RENAME TO stream_tags");
        await Task.Delay(100, Stop);

        var inScope = new Thread(() =>
        {
            using var rolledBack = new TransactionScope();
            store.AppendAsync(Post(Guid.NewGuid()), default).GetAwaiter().GetResult();
            Task.Run(() => store.AppendAsync(Post(Guid.NewGuid()), default)).GetAwaiter().GetResult();
        });
        inScope.Start();
        inScope.Join();

        (await ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(2);
    }

    [Fact]
    public async Task An_erasure_and_a_plain_append_last_whatever_becomes_of_the_callers_scope()
    {
        var subject = Guid.NewGuid();
        await Store.Keys.EnsureAsync(subject, Stop);

        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            await Store.Keys.EraseAsync(subject, Stop);
            await Store.AppendAsync(Post(Guid.NewGuid()) with { Alongside = [new("SELECT 1")] }, Stop);
        }

        (await ScalarAsync<bool>($"SELECT wrapped_key IS NULL FROM chat_store.data_keys WHERE subject = '{subject}'"))
            .ShouldBeTrue();
        (await ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(1);
    }

    [Fact]
    public async Task The_next_user_of_a_connection_does_not_get_the_stores_settings()
    {
        await using var dataSource = NewDataSource(
            connect => (connect.NoResetOnClose, connect.MaxPoolSize) = (true, 1));
        await using var store = new EventStore(
            dataSource, Options(), Microsoft.Extensions.Logging.Abstractions.NullLogger<EventStore>.Instance);
        var known = Post(Guid.NewGuid());
        await Store.AppendAsync(known, Stop);
        (await store.FindAppendAsync(known.Events[0].Id, Stop)).ShouldNotBeNull();

        await using var command = dataSource.CreateCommand("SELECT current_setting('enable_seqscan')");
        (await command.ExecuteScalarAsync(Stop)).ShouldBe("on");
    }

    // A chat command that is refused looks its id up: each opened, and lost, a connection for that.
    [Fact]
    public async Task An_id_that_is_not_in_the_log_costs_no_connection()
    {
        await using var dataSource = NewDataSource(
            connect => (connect.NoResetOnClose, connect.MaxPoolSize) = (true, 1));
        await using var store = new EventStore(
            dataSource, Options(), Microsoft.Extensions.Logging.Abstractions.NullLogger<EventStore>.Instance);
        var backend = await BackendAsync();
        (await store.FindAppendAsync(Guid.NewGuid(), Stop)).ShouldBeNull();
        (await BackendAsync()).ShouldBe(backend);

        async Task<object?> BackendAsync()
        {
            await using var command = dataSource.CreateCommand("SELECT pg_backend_pid()");
            return await command.ExecuteScalarAsync(Stop);
        }
    }
}
