using System.Diagnostics;
using Npgsql;

namespace Chat.EventStore.Tests;

/// <summary>
/// Writers that do not take the append lock, as real Marten: numbers are drawn in one order and committed in another.
/// </summary>
public sealed class SequenceGapTests(StoreDatabase database) : StoreTest(database)
{
    private readonly Guid room = Guid.NewGuid();

    [Fact]
    public async Task Later_numbers_wait_for_an_earlier_one_that_commits_late()
    {
        await using var follower = await FollowAsync();
        await using var connection = await DataSource.OpenConnectionAsync(Stop);
        await using var foreign = await connection.BeginTransactionAsync(Stop);
        var drawn = await DrawAsync(connection);
        for (var i = 0; i < 5; i++)
            await PostAsync(room);

        await Task.Delay(300, Stop);
        follower.Sequences.Count.ShouldBe(1, "nothing after the gap is told while it may fill");
        Store.Tail.Position.ShouldBe(drawn - 1);
        await InsertAsync(connection, drawn);
        await foreign.CommitAsync(Stop);

        (await follower.WaitForAsync(7)).ShouldBe(Enumerable.Range(1, 7).Select(n => (long)n));
    }

    [Fact]
    public async Task A_rolled_back_number_is_passed_within_milliseconds()
    {
        await using var follower = await FollowAsync();
        await using var connection = await DataSource.OpenConnectionAsync(Stop);
        await using var foreign = await connection.BeginTransactionAsync(Stop);
        var drawn = await DrawAsync(connection);
        await PostAsync(room);
        await Task.Delay(100, Stop);
        follower.Sequences.Count.ShouldBe(1);

        var rolledBack = Stopwatch.StartNew();
        await foreign.RollbackAsync(Stop);
        (await follower.WaitForAsync(2)).ShouldBe([drawn - 1, drawn + 1]);
        rolledBack.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1), "Marten holds a gap for three seconds");
    }

    [Fact]
    public async Task A_number_burnt_before_anybody_looked_holds_nobody_up()
    {
        await using var follower = await FollowAsync();
        await ExecuteAsync("SELECT nextval('mt_events_sequence') FROM generate_series(1, 10)");
        await PostAsync(room);

        (await follower.WaitForAsync(2)).ShouldBe([1, 12]);
    }

    [Fact]
    public async Task Who_draws_after_the_gap_was_seen_does_not_prolong_it()
    {
        await using var follower = await FollowAsync();
        await using var first = await DataSource.OpenConnectionAsync(Stop);
        await using var earlier = await first.BeginTransactionAsync(Stop);
        var drawn = await DrawAsync(first);
        var posted = await ScalarAsync<DateTime>("SELECT clock_timestamp()");
        await PostAsync(room);
        await WhenTheGapIsWaitedForAsync(posted);
        await using var second = await DataSource.OpenConnectionAsync(Stop);
        await using var later = await second.BeginTransactionAsync(Stop);
        await DrawAsync(second);

        await earlier.RollbackAsync(Stop);
        (await follower.WaitForAsync(2)).ShouldBe([drawn - 1, drawn + 1]);
    }

    [Fact]
    public async Task A_start_beside_an_open_transaction_misses_nothing()
    {
        await PostAsync(room);
        await using var connection = await DataSource.OpenConnectionAsync(Stop);
        await using var foreign = await connection.BeginTransactionAsync(Stop);
        var drawn = await DrawAsync(connection);
        await PostAsync(room);

        await using var follower = new TailFollower(Store.Tail);
        await Task.Delay(200, Stop);
        await InsertAsync(connection, drawn);
        await foreign.CommitAsync(Stop);

        (await follower.WaitForAsync(3)).ShouldBe([1, 2, 3]);
    }

    private async Task<TailFollower> FollowAsync()
    {
        var follower = new TailFollower(Store.Tail);
        await PostAsync(room);
        await follower.WaitForAsync(1);
        return follower;
    }

    // The tail knows whom it waits for once it asks after them again.
    private async Task WhenTheGapIsWaitedForAsync(DateTime since)
    {
        var asked =
            $"""
            SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
            AND query LIKE '%virtualtransaction = ANY%' AND query_start > '{since:O}'
            """;
        for (var tries = 0; await ScalarAsync<long>(asked) == 0; tries++)
        {
            tries.ShouldBeLessThan(1000, "the tail does not wait for the gap");
            await Task.Delay(5, Stop);
        }
    }

    private static async Task<long> DrawAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SELECT nextval('mt_events_sequence')", connection);
        return (long)(await command.ExecuteScalarAsync(Stop))!;
    }

    private static async Task InsertAsync(NpgsqlConnection connection, long sequence)
    {
        var stream = Guid.NewGuid();
        await using var command = new NpgsqlCommand(
            $$"""
            INSERT INTO mt_streams (id, version) VALUES ('{{stream}}', 1);
            INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            VALUES ({{sequence}}, gen_random_uuid(), '{{stream}}', 1, '{"Text": "late"}', 'message_edited', now())
            """,
            connection);
        await command.ExecuteNonQueryAsync(Stop);
    }
}
