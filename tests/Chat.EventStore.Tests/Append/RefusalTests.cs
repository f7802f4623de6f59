using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.EventStore.Tests;

/// <summary>What the writer does with errors that are no outage.</summary>
public sealed class RefusalTests(StoreDatabase database) : StoreTest(database)
{
    private readonly Guid room = Guid.NewGuid();

    [Fact]
    public async Task An_append_that_its_driver_cannot_send_fails_alone()
    {
        var options = Options();
        await using var writer = new BatchWriter(
            DataSource,
            options,
            new(DataSource, options),
            new(Store.Tail, Store.Announcer),
            NullLogger<EventStore>.Instance);
        var first = Enumerable.Range(0, 20).Select(_ => writer.AppendAsync(Encoded("fine"), Stop)).ToArray();
        var poison = writer.AppendAsync(Encoded("\ud800"), Stop);
        var last = Enumerable.Range(0, 20).Select(_ => writer.AppendAsync(Encoded("fine"), Stop)).ToArray();

        await Should.ThrowAsync<StoreUnavailableException>(() => poison);
        (await Task.WhenAll([.. first, .. last])).Length.ShouldBe(40);
    }

    [Fact]
    public async Task A_statement_that_cannot_be_prepared_is_prepared_by_the_next_append()
    {
        await UseOwnDatabaseAsync();
        await ExecuteAsync("ALTER FUNCTION chat_store.append_events RENAME TO away");
        await Should.ThrowAsync<StoreUnavailableException>(() => PostAsync(room));

        await ExecuteAsync("ALTER FUNCTION chat_store.away RENAME TO append_events");

        (await PostAsync(room)).FirstVersion.ShouldBe(1);
    }

    [Fact]
    public async Task A_refusal_that_is_not_the_appends_fault_renews_the_connection()
    {
        await UseOwnDatabaseAsync();
        await PostAsync(room);
        var before = await WriterAsync();
        await ExecuteAsync("ALTER TABLE mt_events RENAME TO away");
        await Should.ThrowAsync<StoreUnavailableException>(() => PostAsync(room));
        await ExecuteAsync("ALTER TABLE away RENAME TO mt_events");

        (await PostAsync(room)).FirstVersion.ShouldBe(2);

        (await WriterAsync()).ShouldNotBe(before);
    }

    private Task<int> WriterAsync() => ScalarAsync<int>(
        """
        SELECT pid FROM pg_stat_activity
        WHERE datname = current_database() AND query LIKE '%append_event%($%' AND pid <> pg_backend_pid()
        ORDER BY backend_start DESC LIMIT 1
        """);

    private EncodedAppend Encoded(string tag)
    {
        var append = Post(room);
        var type = Options().Types.Of(append.Events[0].Data);
        var json = """{"Text": "x", "Number": 0}"""u8.ToArray();
        return new(append, [new(append.Events[0].Id, type, append.Events[0].Data, json, [tag])], null, null);
    }
}
