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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Appends_look_up_a_few_rows_even_when_planned_while_the_tables_were_empty(bool isCareful)
    {
        await UseOwnDatabaseAsync();
        await using var durable = await DurableConnection.OpenAsync(
            DataSource, TimeProvider.System, TimeSpan.FromSeconds(10), Stop);
        var connection = durable.Connection;
        await using var statement = await AppendStatement.PrepareAsync(connection, "chat_store", Stop);
        var batch = await BatchAsync();
        await statement.ExecuteAsync(batch, DateTimeOffset.UnixEpoch, isCareful);
        await statement.ExecuteAsync(batch, DateTimeOffset.UnixEpoch, isCareful);
        await FillAsync();

        await using var transaction = await connection.BeginTransactionAsync(Stop);
        await statement.ExecuteAsync([.. await BatchAsync(), batch[0]], DateTimeOffset.UnixEpoch, isCareful);
        await statement.ExecuteAsync(batch, DateTimeOffset.UnixEpoch, isCareful);

        await ShouldHaveLookedUpAsync(connection);
    }

    private static IEnumerable<StreamQuery> Queries() =>
        from isBackwards in new[] { false, true }
        from time in new DateTimeOffset?[] { null, DateTimeOffset.UnixEpoch }
        from types in new[] { null, new[] { "message_posted" } }
        select new StreamQuery { Backwards = isBackwards, AsOf = time, EventTypeNames = types };

    [Fact]
    public async Task A_single_event_is_written_by_a_few_lookups()
    {
        await UseOwnDatabaseAsync();
        await using var durable = await DurableConnection.OpenAsync(
            DataSource, TimeProvider.System, TimeSpan.FromSeconds(10), Stop);
        var connection = durable.Connection;
        await using var statement = await SingleAppendStatement.PrepareAsync(connection, "chat_store", Stop);
        var encoder = new AppendEncoder(new(Store.Options.Types, Store.Keys), Store.Options);
        var first = await encoder.EncodeAsync(Post(room), Store.Tail.Generation, Stop);
        await statement.ExecuteAsync([first], DateTimeOffset.UnixEpoch);
        await FillAsync();

        await using var transaction = await connection.BeginTransactionAsync(Stop);
        var second = await encoder.EncodeAsync(Post(room), Store.Tail.Generation, Stop);
        var written = await statement.ExecuteAsync([second], DateTimeOffset.UnixEpoch);
        var repeated = await statement.ExecuteAsync([first], DateTimeOffset.UnixEpoch);

        written.Decisions[0].Result!.FirstVersion.ShouldBe(3);
        repeated.Decisions[0].Verdict.ShouldBe(AppendVerdict.Repeated);
        await ShouldHaveLookedUpAsync(connection);
    }

    [Theory]
    [InlineData(true, false, false, false)]
    [InlineData(false, true, false, false)]
    [InlineData(false, false, true, false)]
    [InlineData(false, false, false, true)]
    public async Task What_asks_for_more_is_no_single_event(bool tag, bool condition, bool version, bool several)
    {
        var one = new NewEvent(Guid.NewGuid(), new MessageEdited("x")) { Tags = tag ? ["pins"] : [] };
        var append = new Append
        {
            StreamId = room,
            Events = several ? [one, new(Guid.NewGuid(), new MessageEdited("y"))] : [one],
            Condition = (condition, version) switch
            {
                (true, _) => AppendCondition.Untouched(0, "pins"),
                (_, true) => AppendCondition.Version(0),
                _ => AppendCondition.Any,
            },
        };
        var encoder = new AppendEncoder(new(Store.Options.Types, Store.Keys), Store.Options);
        var plain = await encoder.EncodeAsync(Post(room), Store.Tail.Generation, Stop);

        SingleAppendStatement.Fits([plain]).ShouldBeTrue();
        SingleAppendStatement.Fits([plain, plain]).ShouldBeFalse();
        SingleAppendStatement.Fits([await encoder.EncodeAsync(append, 0, Stop)]).ShouldBeFalse();
    }

    [Fact]
    public async Task A_retry_is_answered_by_a_few_lookups()
    {
        await UseOwnDatabaseAsync();
        var id = Guid.NewGuid();
        await PostAsync(room, id: id);
        await using var connection = await DataSource.OpenConnectionAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        await using var find = new NpgsqlCommand($"SELECT * FROM chat_store.find_appends('{{{id}}}')", connection);
        await find.ExecuteNonQueryAsync(Stop);
        await transaction.CommitAsync(Stop);
        await FillAsync();

        await using var again = await connection.BeginTransactionAsync(Stop);
        await find.ExecuteNonQueryAsync(Stop);

        await ShouldHaveLookedUpAsync(connection);
    }

    // A plan without a condition on its index reads the whole of it, which is as bad as reading the table.
    private static async Task ShouldHaveLookedUpAsync(NpgsqlConnection connection)
    {
        await using var scans = new NpgsqlCommand(
            """
            SELECT coalesce(sum(seq_scan), 0)::bigint, coalesce(sum(idx_scan), 0)::bigint,
                   coalesce(sum(idx_tup_fetch), 0)::bigint
            FROM pg_stat_xact_user_tables
            WHERE relname IN ('mt_events', 'mt_streams', 'stream_tags', 'multi_event_appends', 'data_keys')
            """,
            connection);
        await using var reader = await scans.ExecuteReaderAsync(Stop);
        (await reader.ReadAsync(Stop)).ShouldBeTrue();
        reader.GetInt64(0).ShouldBe(0);
        reader.GetInt64(1).ShouldBeGreaterThan(0);
        reader.GetInt64(2).ShouldBeLessThan(200);
    }

    // All that an append can have: conditions of both kinds, tags, several events, personal data, a new stream.
    private async Task<IReadOnlyList<EncodedAppend>> BatchAsync()
    {
        var encoder = new AppendEncoder(new(Store.Options.Types, Store.Keys), Store.Options);
        var ada = Guid.NewGuid();
        Append[] appends =
        [
            Post(room) with { Condition = AppendCondition.Untouched(0, "pins") },
            Post(Guid.NewGuid()) with
            {
                Condition = AppendCondition.NoStream,
                Events = [new(Guid.NewGuid(), new MessageEdited("x")) { Tags = ["pins"] }],
            },
            Post(ada) with
            {
                Events =
                [
                    new(Guid.NewGuid(), new ProfileChanged(ada, "Ada", "x", Mood.Calm)),
                    new(Guid.NewGuid(), new MessageEdited("y")),
                ],
            },
        ];
        return await encoder.EncodeAllAsync(appends, Store.Tail.Generation, Stop);
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
            SELECT gen_random_uuid(), 'room', 1 FROM generate_series(1, 20000);
            INSERT INTO chat_store.stream_tags (stream_id, tag, version)
            SELECT gen_random_uuid(), 'pins', 1 FROM generate_series(1, 5000);
            INSERT INTO chat_store.multi_event_appends (first_event_id, events)
            SELECT gen_random_uuid(), 2 FROM generate_series(1, 5000);
            INSERT INTO chat_store.data_keys (subject, wrapped_key, master_key, created_at)
            SELECT gen_random_uuid(), '', 1, now() FROM generate_series(1, 5000);
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
