using Npgsql;

namespace Chat.EventStore.Tests;

/// <summary>The shipped SQL never reads mt_events from end to end.</summary>
public sealed class QueryPlanTests(StoreDatabase database) : StoreTest(database)
{
    private readonly Guid room = Guid.NewGuid();

    [Fact]
    public async Task Reads_use_indexes()
    {
        await FillAsync();
        await ExecuteAsync("ANALYZE");

        foreach (var query in Queries())
        {
            string[] values = [$"'{room}'", "1", "9223372036854775807", "1000"];
            if (query.AsOf is not null)
                values = [.. values, "'2026-01-01T00:00:00Z'"];
            if (query.EventTypeNames is not null)
                values = [.. values, "'{message_posted,room_opened}'"];
            await ShouldNotScanAsync(Store.Log.Statements.StreamPageSql(query), values);
        }

        string[] range = ["19000", "9223372036854775807", "1000"];
        await ShouldNotScanAsync(Store.Log.Statements.GlobalPageSql(), range);
        (await ShouldNotScanAsync(Store.Log.Statements.TypesPageSql(), [.. range, "'{message_posted,reacted}'"]))
            .ShouldContain("using idx_mt_events_event_type_seq_id");
        await ShouldNotScanAsync("SELECT coalesce(max(seq_id), 0) FROM public.mt_events");
    }

    [Fact]
    public async Task Appends_use_indexes_even_when_planned_while_the_tables_were_empty()
    {
        await using var connection = await DataSource.OpenConnectionAsync(Stop);
        await using var statement = await AppendStatement.PrepareAsync(connection, "chat_store", Stop);
        await AppendAsync(statement);
        await FillAsync();

        await using var transaction = await connection.BeginTransactionAsync(Stop);
        await AppendAsync(statement);
        await using var scans = new NpgsqlCommand(
            """
            SELECT sum(seq_scan)::bigint FROM pg_stat_xact_user_tables
            WHERE relname IN ('mt_events', 'mt_streams', 'stream_tags')
            """,
            connection);
        (await scans.ExecuteScalarAsync(Stop)).ShouldBe(0L);
        await using var lookups = new NpgsqlCommand(
            "SELECT idx_scan FROM pg_stat_xact_user_tables WHERE relname = 'mt_events'", connection);
        ((long)(await lookups.ExecuteScalarAsync(Stop))!).ShouldBeGreaterThan(0);
    }

    private static IEnumerable<StreamQuery> Queries() =>
        from isBackwards in new[] { false, true }
        from time in new DateTimeOffset?[] { null, DateTimeOffset.UnixEpoch }
        from types in new[] { null, new[] { "message_posted" } }
        select new StreamQuery { Backwards = isBackwards, AsOf = time, EventTypeNames = types };

    private async Task AppendAsync(AppendStatement statement)
    {
        var encoder = new AppendEncoder(new(Store.Options.Types, Store.Keys), Store.Options);
        var plain = await encoder.EncodeAsync(
            Post(room) with { Condition = AppendCondition.Untouched(0, "pins") }, Store.Tail.Generation, Stop);
        var tagged = await encoder.EncodeAsync(
            Post(Guid.NewGuid()) with
            {
                Condition = AppendCondition.NoStream,
                Events = [new(Guid.NewGuid(), new MessageEdited("x")) { Tags = ["pins"] }],
            },
            Store.Tail.Generation,
            Stop);
        await statement.ExecuteAsync([plain, tagged], DateTimeOffset.UnixEpoch);
    }

    private async Task FillAsync()
    {
        await PostAsync(room);
        await ExecuteAsync(
            $$"""
            INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            SELECT nextval('mt_events_sequence'), gen_random_uuid(), '{{room}}', n, '{"Text": "x", "Number": 1}',
                   'message_posted', now()
            FROM generate_series(1000, 21000) AS n;
            INSERT INTO mt_streams (id, type, version)
            SELECT gen_random_uuid(), 'room', 1 FROM generate_series(1, 5000);
            """);
    }

    private async Task<string> ShouldNotScanAsync(string sql, params string[] values)
    {
        await using var connection = await DataSource.OpenConnectionAsync(Stop);
        await using var plan = new NpgsqlCommand(
            "SET plan_cache_mode = force_generic_plan; PREPARE page AS " + sql, connection);
        await plan.ExecuteNonQueryAsync(Stop);
        await using var explain = new NpgsqlCommand(
            "EXPLAIN EXECUTE page" + (values.Length == 0 ? "" : $"({string.Join(", ", values)})"), connection);
        await using var reader = await explain.ExecuteReaderAsync(Stop);
        var lines = new List<string>();
        while (await reader.ReadAsync(Stop))
            lines.Add(reader.GetString(0));
        var text = string.Join('\n', lines);
        text.ShouldContain("Index");
        text.ShouldNotContain("Seq Scan");
        return text;
    }
}
