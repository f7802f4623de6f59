namespace Chat.EventStore.Tests;

/// <summary>A key is destroyed or lost between the encryption of an append and its commit.</summary>
public sealed class DataKeyRaceTests(StoreDatabase database) : StoreTest(database)
{
    private readonly Guid ada = Guid.NewGuid();

    [Fact]
    public async Task A_key_lost_with_a_dead_server_is_made_anew_before_anything_is_written_under_it()
    {
        await Store.Keys.EnsureAsync(ada, Stop);
        await ExecuteAsync("DELETE FROM chat_store.data_keys");

        await ChangeAsync("Ada");

        (await ReadAsync(NewStore())).ShouldBe("Ada");
    }

    [Fact]
    public async Task A_key_that_another_server_made_meanwhile_is_used()
    {
        await Store.Keys.EnsureAsync(ada, Stop);
        await ExecuteAsync("DELETE FROM chat_store.data_keys");
        var other = NewStore();
        await other.Keys.EnsureAsync(ada, Stop);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ChangeAsync("Ada")));

        (await ReadAsync(other)).ShouldBe("Ada");
    }

    [Fact]
    public async Task An_erasure_that_this_process_has_not_heard_of_refuses_the_append()
    {
        await Store.Keys.EnsureAsync(ada, Stop);
        await ExecuteAsync("UPDATE chat_store.data_keys SET wrapped_key = NULL, erased_at = now()");
        var neighbours = Enumerable.Range(0, 20).Select(_ => PostAsync(Guid.NewGuid())).ToArray();

        await Should.ThrowAsync<SubjectErasedException>(() => ChangeAsync("Ada"));
        await Should.ThrowAsync<SubjectErasedException>(() => ChangeAsync("Ada", alongside: true));

        (await Task.WhenAll(neighbours)).Length.ShouldBe(20);
        (await Store.FetchStreamStateAsync(ada, Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task An_erasure_waits_for_the_appends_at_work()
    {
        await Store.Keys.EnsureAsync(ada, Stop);
        await using var connection = await DataSource.OpenConnectionAsync(Stop);
        await using var atWork = await connection.BeginTransactionAsync(Stop);
        await using (var held = new Npgsql.NpgsqlCommand(
            "SELECT pg_advisory_xact_lock(hashtextextended('chat_store.append', 0))", connection))
            await held.ExecuteNonQueryAsync(Stop);

        var erasure = Store.Keys.EraseAsync(ada, Stop);
        await Task.Delay(200, Stop);
        erasure.IsCompleted.ShouldBeFalse();

        await atWork.CommitAsync(Stop);
        await erasure;
    }

    [Fact]
    public async Task A_value_names_its_key_and_one_without_a_name_is_still_read()
    {
        await ChangeAsync("Ada");
        (await ScalarAsync<string>("SELECT data ->> 'Email' FROM mt_events")).ShouldStartWith("enc:v2:");
        await ExecuteAsync(
            """
            UPDATE mt_events SET data = jsonb_set(jsonb_set(data, '{Email}', without(data -> 'Email')),
                                                  '{DisplayName}', without(data -> 'DisplayName'))
            """.Replace("without(", "pg_temp.without(", StringComparison.Ordinal).Insert(0,
            """
            CREATE FUNCTION pg_temp.without(named jsonb) RETURNS jsonb LANGUAGE sql AS $$
                SELECT to_jsonb('enc:v1:' || translate(
                    encode(substr(decode(substr(named #>> '{}', 8), 'base64'), 17), 'base64'), E'\n', ''))
            $$;

            """));

        (await ReadAsync(NewStore())).ShouldBe("Ada");
    }

    [Fact]
    public async Task A_value_under_another_key_says_so()
    {
        await ChangeAsync("Ada");
        await ExecuteAsync("DELETE FROM chat_store.data_keys");
        var other = NewStore();
        await other.Keys.EnsureAsync(ada, Stop);

        var unreadable = await Should.ThrowAsync<UnreadableEventException>(() => ReadAsync(other));

        unreadable.Message.ShouldContain("which is lost");
    }

    private Task<AppendResult> ChangeAsync(string name, bool alongside = false) => Store.AppendAsync(
        new Append
        {
            StreamId = ada,
            Events = [new(Guid.NewGuid(), new ProfileChanged(ada, name, "x", Mood.Merry))],
            Alongside = alongside ? [new("SELECT 1")] : null,
        },
        Stop);

    private static async Task<string?> ReadAsync(EventStore store)
    {
        var first = await store.ReadAllAsync(0, cancellationToken: Stop).FirstAsync(Stop);
        return ((ProfileChanged)first.Data).DisplayName;
    }
}
