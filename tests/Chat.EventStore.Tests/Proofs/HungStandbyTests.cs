using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.EventStore.Tests.Proofs;

/// <summary>
/// A synchronous standby hangs, so that commits wait. A cancel would make PostgreSQL answer success for a row that only
/// the primary has: the store sends none, and does not believe the success when somebody else does.
/// </summary>
[Collection(ProofsCollection.Name)]
public sealed class HungStandbyTests : IAsyncLifetime
{
    private const string Cancelled = "canceling wait for synchronous replication due to user request";
    private const string Waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    // A backend looks every 2 s whether its client is still there.
    private static readonly TimeSpan ClientCheck = TimeSpan.FromSeconds(2.5);

    private readonly Guid room = Guid.NewGuid();
    private PostgresServer primary = null!;
    private PostgresServer standby = null!;
    private NpgsqlDataSource dataSource = null!;
    private EventStore store = null!;

    public async ValueTask InitializeAsync()
    {
        primary = await PostgresServer.StartNewAsync();
        dataSource = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(primary.ConnectionString)
        {
            Pooling = true,
        });
        store = new(
            dataSource,
            StoreTest.Options(options => options.AppendDeadline = Deadline),
            NullLogger<EventStore>.Instance);
        await store.MigrateAsync(StoreTest.Stop);
        await using (var table = dataSource.CreateCommand("CREATE TABLE naive (id uuid PRIMARY KEY)"))
            await table.ExecuteNonQueryAsync(StoreTest.Stop);
        standby = await primary.StartStandbyAsync("standby");
        dataSource.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await dataSource.DisposeAsync();
        if (standby is not null)
            await standby.DisposeAsync();
        await primary.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_append_is_neither_acknowledged_nor_cancelled_and_its_retry_is_answered(bool alongside)
    {
        await store.AppendAsync(Post(Guid.NewGuid(), alongside), StoreTest.Stop);
        var id = Guid.NewGuid();
        SignalReceiver(Signals.Stop);

        await Should.ThrowAsync<StoreUnavailableException>(
            () => store.AppendAsync(Post(id, alongside), StoreTest.Stop));
        await Task.Delay(ClientCheck, StoreTest.Stop);
        (await primary.ScalarAsync<long>(Waiting)).ShouldBeGreaterThan(0);

        SignalReceiver(Signals.Continue);
        var retried = await store.AppendAsync(Post(id, alongside), StoreTest.Stop);
        (retried.AlreadyAppended, retried.FirstVersion).ShouldBe((true, 2));
        (await primary.ScalarAsync<long>($"SELECT count(*) FROM mt_events WHERE id = '{id}'")).ShouldBe(1);
        primary.Log.ShouldNotContain("canceling");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_an_administrator_cancels_is_not_acknowledged_and_may_be_lost_with_the_primary(bool alongside)
    {
        await store.AppendAsync(Post(Guid.NewGuid(), alongside), StoreTest.Stop);
        var id = Guid.NewGuid();
        SignalReceiver(Signals.Stop);

        var appending = store.AppendAsync(Post(id, alongside), StoreTest.Stop);
        await UntilAsync(async () => await primary.ScalarAsync<long>(Waiting) > 0);
        await CancelWaitingAsync();
        await UntilAsync(() => Task.FromResult(primary.Log.Contains(Cancelled)));
        (await primary.ScalarAsync<long>($"SELECT count(*) FROM mt_events WHERE id = '{id}'")).ShouldBe(1);
        await Should.ThrowAsync<StoreUnavailableException>(() => appending);
        await Should.ThrowAsync<StoreUnavailableException>(() => store.FindAppendAsync(id, StoreTest.Stop));

        // Here nothing but the answer itself waits for the standby: nobody holds the writers' lock any more, and there
        // is no stream's row to lock.
        await UntilAsync(async () =>
        {
            await CancelWaitingAsync();
            return await primary.ScalarAsync<long>(Waiting) == 0;
        });
        var elsewhere = Post(id, alongside) with { StreamId = Guid.NewGuid() };
        await Should.ThrowAsync<StoreUnavailableException>(() => store.AppendAsync(elsewhere, StoreTest.Stop));

        await FailOverAsync();
        (await standby.ScalarAsync<long>($"SELECT count(*) FROM mt_events WHERE id = '{id}'")).ShouldBe(0);
        (await standby.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(1);
    }

    /// <summary>The tests above can fail: this is what they look for, and what it costs.</summary>
    [Fact]
    public async Task A_writer_with_a_command_timeout_is_told_success_for_a_row_that_is_lost()
    {
        var id = Guid.NewGuid();
        SignalReceiver(Signals.Stop);

        await using (var naive = dataSource.CreateCommand($"INSERT INTO naive VALUES ('{id}')"))
        {
            naive.CommandTimeout = 1;
            (await naive.ExecuteNonQueryAsync(StoreTest.Stop)).ShouldBe(1);
        }

        primary.Log.ShouldContain(Cancelled);
        await FailOverAsync();
        (await standby.ScalarAsync<long>("SELECT count(*) FROM naive")).ShouldBe(0);
    }

    private Append Post(Guid id, bool alongside) => new()
    {
        StreamId = room,
        Events = [new(id, new MessagePosted("hello", 1))],
        Alongside = alongside ? [new($"INSERT INTO naive VALUES ('{id}')")] : null,
    };

    private void SignalReceiver(int signal)
    {
        Signals.Send(standby.ProcessesTitled("walreceiver").ShouldHaveSingleItem(), signal);
    }

    private Task CancelWaitingAsync() => primary.ExecuteAsync(
        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");

    // What the receiver has not read when it dies is lost with the primary.
    private async Task FailOverAsync()
    {
        await primary.StopAsync(Signals.Kill);
        SignalReceiver(Signals.Kill);
        await UntilAsync(async () =>
        {
            try
            {
                return await standby.ScalarAsync<bool>("SELECT pg_promote()");
            }
            catch (NpgsqlException)
            {
                // The standby restarts all of its processes when one was killed.
                return false;
            }
        });
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var tries = 0; !await holds(); tries++)
        {
            tries.ShouldBeLessThan(500);
            await Task.Delay(20, StoreTest.Stop);
        }
    }
}
