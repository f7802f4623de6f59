using Npgsql;

namespace Chat.EventStore.Tests;

/// <summary>Marten writes to the same tables without our lock.</summary>
public sealed class ForeignWriterTests(StoreDatabase database) : StoreTest(database)
{
    private readonly Guid room = Guid.NewGuid();

    [Fact]
    public async Task A_stream_that_somebody_else_makes_meanwhile_is_appended_to()
    {
        await using var connection = await DataSource.OpenConnectionAsync(Stop);
        await using var foreign = await connection.BeginTransactionAsync(Stop);
        await InsertAsync(connection, $"INSERT INTO mt_streams (id, version) VALUES ('{room}', 1)");
        await InsertEventAsync(connection, version: 1);
        var waiting = PostAsync(room);
        await Task.Delay(200, Stop);
        waiting.IsCompleted.ShouldBeFalse();

        await foreign.CommitAsync(Stop);

        (await waiting).FirstVersion.ShouldBe(2);
        await ShouldBeSoundAsync();
    }

    [Fact]
    public async Task A_stream_whose_row_lags_behind_its_events_is_given_up_after_some_tries()
    {
        await PostAsync(room);
        await using var connection = await DataSource.OpenConnectionAsync(Stop);
        await InsertEventAsync(connection, version: 2);

        await Should.ThrowAsync<StoreUnavailableException>(() => PostAsync(room));
        await Should.ThrowAsync<StoreUnavailableException>(() => Store.AppendAsync(
            Post(room) with { Alongside = [new("SELECT 1")] }, Stop));
        (await PostAsync(Guid.NewGuid())).FirstVersion.ShouldBe(1);
    }

    private static async Task InsertAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Stop);
    }

    private Task InsertEventAsync(NpgsqlConnection connection, int version) => InsertAsync(
        connection,
        $$"""
        INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
        VALUES (nextval('mt_events_sequence'), gen_random_uuid(), '{{room}}', {{version}}, '{"Text": "x"}',
                'message_edited', now())
        """);
}
