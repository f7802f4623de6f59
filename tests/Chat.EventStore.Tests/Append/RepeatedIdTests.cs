namespace Chat.EventStore.Tests;

/// <summary>Ids that are in the log already, where it is not as simple as a retry.</summary>
public sealed class RepeatedIdTests(StoreDatabase database) : StoreTest(database)
{
    private readonly Guid room = Guid.NewGuid();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_id_of_another_stream_is_answered_with_that_stream(bool alongside)
    {
        var (id, first) = (Guid.NewGuid(), Guid.NewGuid());
        await PostAsync(first, id: id);

        var again = await Store.AppendAsync(
            Post(room, id: id) with { Alongside = alongside ? [new("SELECT 1")] : null }, Stop);

        (again.AlreadyAppended, again.StreamId).ShouldBe((true, first));
        (await Store.FetchStreamStateAsync(room, Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task A_retry_is_answered_after_its_subject_was_erased()
    {
        var ada = Guid.NewGuid();
        var append = new Append
        {
            StreamId = ada,
            Events = [new(Guid.NewGuid(), new ProfileChanged(ada, "Ada", "x", Mood.Calm))],
        };
        await Store.AppendAsync(append, Stop);
        await Store.Keys.EraseAsync(ada, Stop);

        var again = await Store.AppendAsync(append, Stop);

        (again.AlreadyAppended, again.FirstVersion).ShouldBe((true, 1));
    }

    [Fact]
    public async Task Who_was_refused_is_not_written_later_because_a_neighbour_had_to_be_looked_up()
    {
        await UseOwnDatabaseAsync();
        var store = NewStore(connect: connect => connect.ApplicationName = "victim");
        var (repeated, refusedId) = (Guid.NewGuid(), Guid.NewGuid());
        await store.AppendAsync(Post(Guid.NewGuid(), id: repeated), Stop);
        var known = (await Store.ReadAllAsync(0, cancellationToken: Stop).FirstAsync(Stop)).StreamId;
        await store.AppendAsync(Post(room), Stop);
        await ExecuteAsync(
            """
            ALTER FUNCTION chat_store.find_appends(uuid[]) RENAME TO found_at_once;
            CREATE FUNCTION chat_store.find_appends(first_events uuid[])
            RETURNS TABLE (first_event_id uuid, stream_id uuid, first_version bigint, last_version bigint,
                           last_sequence bigint, headers jsonb, written_at timestamptz)
            LANGUAGE sql AS $$ SELECT pg_sleep(1); SELECT * FROM chat_store.found_at_once(first_events) $$
            """);
        var held = await HoldAppendLockAsync();
        var first = store.AppendAsync(Post(Guid.NewGuid()), Stop);
        await Task.Delay(200, Stop);
        var again = store.AppendAsync(Post(known, id: repeated), Stop);
        var refused = store.AppendAsync(
            Post(room, id: refusedId) with { Condition = AppendCondition.Version(2) }, Stop);
        await Task.Delay(100, Stop);
        await held.DisposeAsync();
        await first;
        await Task.Delay(400, Stop);

        await NewStore().AppendAsync(Post(room), Stop);
        await ExecuteAsync(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE application_name = 'victim' AND query LIKE '%find_appends%'
            """);

        await Should.ThrowAsync<ConcurrencyException>(() => refused);
        (await again).AlreadyAppended.ShouldBeTrue();
        (await Store.FindAppendAsync(refusedId, Stop)).ShouldBeNull();
    }

    private async Task<IAsyncDisposable> HoldAppendLockAsync()
    {
        var connection = await DataSource.OpenConnectionAsync(Stop);
        await using var command = new Npgsql.NpgsqlCommand(
            "BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('chat_store.append', 0))", connection);
        await command.ExecuteNonQueryAsync(Stop);
        return connection;
    }
}
