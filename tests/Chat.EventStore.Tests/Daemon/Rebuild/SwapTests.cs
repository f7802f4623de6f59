using System.Data;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.EventStore.Tests;

public sealed class SwapTests(StoreDatabase database) : ProjectionTest(database)
{
    private readonly RebuildOptions options = new()
    {
        SwapGapEvents = 20,
        LivePatience = TimeSpan.FromMilliseconds(3000),
        SwapRetryDelay = TimeSpan.FromMilliseconds(20),
        StandstillMax = TimeSpan.FromMilliseconds(500),
        SwapPatience = TimeSpan.FromSeconds(30),
    };

    [Fact]
    public async Task Readers_find_all_that_their_snapshot_knows_of_at_every_moment()
    {
        var random = new Random(1);
        await MakeTablesAsync();
        await ActAsync(random, 200);
        await using var running = Run(Store, Messages);
        using var enough = new CancellationTokenSource();
        var other = NewStore();
        var appending = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                await ActAsync(random, 10, other);
                await Task.Delay(5, Stop);
            }
        });
        var readers = new[]
        {
            ReadPreparedAsync(enough.Token), ReadPreparedAsync(enough.Token),
            ReadSnapshotsAsync(0, enough.Token), ReadSnapshotsAsync(3, enough.Token),
            ReadSnapshotsAsync(30, enough.Token),
        };

        var swaps = 0;
        while (swaps++ < 8)
            await NewRebuild().RunAsync(Messages, null, Stop);

        await enough.CancelAsync();
        await appending;
        foreach (var reads in await Task.WhenAll(readers))
            reads.ShouldBeGreaterThan(swaps);
    }

    [Fact]
    public async Task A_snapshot_from_before_is_waited_for_while_the_live_model_goes_on()
    {
        await MakeTablesAsync();
        await ActAsync(new Random(2), 100);
        await using var running = Run(Store, Messages);
        await using var reader = await DataSource.OpenConnectionAsync(Stop);
        var snapshot = await reader.BeginTransactionAsync(IsolationLevel.RepeatableRead, Stop);
        var seen = await reader.ScalarAsync<long>("SELECT count(*) FROM mt_events", Stop);
        var rebuild = Task.Run(() => NewRebuild().RunAsync(Messages, null, Stop));

        // Longer than an attempt may hold the live model up.
        await Task.Delay(TimeSpan.FromSeconds(1), Stop);
        await running.Daemon.WaitForAsync("Messages", await ActAsync(new Random(3), 50), Patience, Stop);

        rebuild.IsCompleted.ShouldBeFalse();
        seen.ShouldBePositive();
        (await reader.ScalarAsync<long>("SELECT count(*) FROM mt_events", Stop)).ShouldBe(seen);
        await snapshot.CommitAsync(Stop);
        await rebuild;
    }

    [Theory]
    [InlineData(IsolationLevel.RepeatableRead, "SELECT 1", "database as it was before")]
    [InlineData(
        IsolationLevel.ReadCommitted, "LOCK test_messages.posted_message IN ACCESS SHARE MODE", "hold the tables")]
    [InlineData(IsolationLevel.ReadCommitted, "SELECT FROM mt_event_progression FOR UPDATE", "holds its progress")]
    public async Task It_is_given_up_with_the_reason_when_a_reader_never_lets_go(
        IsolationLevel isolation, string sql, string reason)
    {
        await MakeTablesAsync();
        var last = await ActAsync(new Random(4), 50);
        await using (var running = Run(Store, Messages))
            await running.Daemon.WaitForAsync("Messages", last, Patience, Stop);
        options.SwapPatience = options.StandstillMax;
        await using (var reader = await DataSource.OpenConnectionAsync(Stop))
        await using (await reader.BeginTransactionAsync(isolation, Stop))
        {
            await reader.RunAsync(sql, Stop);
            (await Should.ThrowAsync<RebuildFailedException>(() => NewRebuild().RunAsync(Messages, null, Stop)))
                .Message.ShouldContain(reason);
        }

        await NewRebuild().RunAsync(Messages, null, Stop);
    }

    [Fact]
    public async Task A_page_in_work_gives_way_and_is_applied_to_the_new_tables()
    {
        await MakeTablesAsync();
        await using var running = Run(Store, Messages, Rooms);
        var first = await ActAsync(new Random(5), 20);
        await running.Daemon.WaitForAsync("Rooms", first, Patience, Stop);
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var leave = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var visits = 0;
        Rooms.Before = _ =>
        {
            if (Interlocked.Increment(ref visits) > 1)
                return;
            // The page holds the live tables: it has read from them.
            entered.SetResult();
            leave.Task.Wait(Stop);
        };
        var last = await ActAsync(new Random(6), 1);
        await entered.Task;
        var rebuild = Task.Run(() => NewRebuild().RunAsync(new Rooms(), null, Stop));
        await Task.Delay(500, Stop);
        rebuild.IsCompleted.ShouldBeFalse();
        leave.SetResult();

        await rebuild;
        await running.Daemon.WaitForAsync("Rooms", last, Patience, Stop);
        await running.Daemon.WaitForAsync("Messages", last, Patience, Stop);
        await NewRebuild().RunAsync(Words, null, Stop);
        await ShouldEqualLogAsync();
    }

    [Fact]
    public async Task A_page_that_gives_way_is_no_fault_of_its_events()
    {
        await ExecuteAsync("INSERT INTO mt_event_progression (name, last_seq_id) VALUES ('Held:All', 1)");
        await using var swap = await DataSource.OpenConnectionAsync(Stop);
        await using var held = await swap.BeginTransactionAsync(Stop);
        await swap.RunAsync("SELECT FROM mt_event_progression FOR UPDATE", Stop);

        var refused = await Should.ThrowAsync<PostgresException>(
            () => ExecuteAsync("SELECT chat_store.advance_projection('Held:All', 1, 2)"));

        refused.SqlState.ShouldBe(PostgresErrorCodes.LockNotAvailable);
        Outage.Is(refused).ShouldBeTrue();
    }

    private ProjectionRebuild NewRebuild() =>
        new(Store, Store.DataSource, options, NullLogger<ProjectionRebuild>.Instance);

    /// <summary>One prepared statement on one connection, over and over: rows only become more.</summary>
    private async Task<int> ReadPreparedAsync(CancellationToken enough)
    {
        await using var connection = await DataSource.OpenConnectionAsync(Stop);
        await using var command = new NpgsqlCommand(
            "SELECT count(*), coalesce(max(sequence), 0) FROM test_messages.posted_message", connection);
        await command.PrepareAsync(Stop);
        var (rows, last, reads) = (0L, 0L, 0);
        for (; !enough.IsCancellationRequested; reads++)
        {
            await using var reader = await command.ExecuteReaderAsync(Stop);
            await reader.ReadAsync(Stop);
            reader.GetInt64(0).ShouldBeGreaterThanOrEqualTo(rows);
            reader.GetInt64(1).ShouldBeGreaterThanOrEqualTo(last);
            (rows, last) = (reader.GetInt64(0), reader.GetInt64(1));
        }

        return reads;
    }

    /// <summary>In one snapshot, the model holds exactly what the progress says that it does.</summary>
    private async Task<int> ReadSnapshotsAsync(int pauseMs, CancellationToken enough)
    {
        await using var connection = await DataSource.OpenConnectionAsync(Stop);
        var reads = 0;
        for (; !enough.IsCancellationRequested; reads++)
        {
            await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, Stop);
            var position = await connection.ScalarAsync<long>(
                "SELECT last_seq_id FROM mt_event_progression WHERE name = 'Messages:All'", Stop);
            await Task.Delay(pauseMs, Stop);
            var rows = await connection.ScalarAsync<long>("SELECT count(*) FROM test_messages.posted_message", Stop);
            var events = await connection.ScalarAsync<long>(
                "SELECT count(*) FROM mt_events WHERE type = 'message_posted' AND seq_id <= $1", Stop, position);
            rows.ShouldBe(events);
        }

        return reads;
    }
}
