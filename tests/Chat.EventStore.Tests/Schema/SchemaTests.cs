using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Chat.EventStore.Tests;

/// <summary>The catalogue of our database against that of one that Marten made.</summary>
public sealed partial class SchemaTests(StoreDatabase database) : StoreTest(database)
{
    private static readonly JsonNode Marten = JsonNode.Parse(File.ReadAllText("marten-schema.json"))!;

    public static TheoryData<string> Tables => ["mt_streams", "mt_events", "mt_event_progression"];

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Columns_are_Martens(string table) => (await RowsAsync(
        $"""
        SELECT column_name, data_type, character_maximum_length::text, is_nullable, column_default
        FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}'
        ORDER BY ordinal_position
        """)).ShouldBe(Expected(
            table, "columns", "column_name", "data_type", "character_maximum_length", "is_nullable", "column_default"));

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Constraints_are_Martens(string table) => (await RowsAsync(
        $"""
        SELECT conname, contype::text, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE conrelid = 'public.{table}'::regclass AND contype <> 'n' ORDER BY conname COLLATE "C"
        """)).ShouldBe(Expected(table, "constraints", "conname", "contype", "def"));

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Indexes_are_Martens(string table) => (await RowsAsync(
        $"""
        SELECT indexname, replace(indexdef, 'public.', '') FROM pg_indexes
        WHERE schemaname = 'public' AND tablename = '{table}' ORDER BY indexname COLLATE "C"
        """)).ShouldBe(Expected(table, "indexes", "indexname", "indexdef"));

    [Fact]
    public async Task The_sequence_is_Martens()
    {
        (await RowsAsync(
            """
            SELECT sequencename, data_type::text, start_value::text, increment_by::text, cache_size::text
            FROM pg_sequences
            """))
            .ShouldBe(Marten["sequences"]!.AsArray().Select(one =>
                Line(one!, "sequencename", "data_type", "start_value", "increment_by", "cache_size")));
        (await ScalarAsync<string>("SELECT pg_get_serial_sequence('mt_events', 'seq_id')"))
            .ShouldBe("public.mt_events_sequence");
    }

    [Fact]
    public async Task The_table_of_skips_is_there() => (await RowsAsync(
        """
        SELECT column_name, data_type FROM information_schema.columns
        WHERE table_name = 'mt_high_water_skips' ORDER BY ordinal_position
        """))
        .ShouldBe(["ending_sequence | bigint", "starting_sequence | bigint", "timestamp | timestamp with time zone"]);

    [Fact]
    public async Task Marten_finds_nothing_of_ours_in_its_schema() =>
        (await RowsAsync("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"))
            .ShouldBe(["mt_event_progression", "mt_events", "mt_high_water_skips", "mt_streams"]);

    [Fact]
    public async Task Many_processes_migrate_an_empty_database_at_once()
    {
        await UseOwnDatabaseAsync();
        await ExecuteAsync("DROP SCHEMA chat_store CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        var stores = Enumerable.Range(0, 8).Select(_ => NewStore()).ToList();

        await Task.WhenAll(stores.Select(store => Task.Run(() => store.MigrateAsync(Stop))));

        (await ScalarAsync<long>("SELECT count(*) FROM chat_store.migrations")).ShouldBe(4);
        (await stores[3].AppendAsync(Post(Guid.NewGuid()), Stop)).FirstVersion.ShouldBe(1);
    }

    [Fact]
    public async Task Schemas_can_be_named()
    {
        await UseOwnDatabaseAsync();
        var store = NewStore(options => (options.Schema, options.ExtensionSchema) = ("log", "log_extra"));
        await store.MigrateAsync(Stop);
        await using var follower = new TailFollower(store.Tail);

        await store.AppendAsync(Post(Guid.NewGuid()) with { Condition = AppendCondition.NoStream }, Stop);
        await follower.WaitForAsync(1);
        (await ScalarAsync<long>("SELECT count(*) FROM log.mt_events")).ShouldBe(1);
        (await ScalarAsync<long>("SELECT count(*) FROM public.mt_events")).ShouldBe(0);
    }

    private static IEnumerable<string> Expected(string table, string part, params string[] fields) =>
        Marten["tables"]![table]![part]!.AsArray().Select(one => Line(one!, fields));

    private static string Line(JsonNode row, params string[] fields) =>
        WhenMade().Replace(string.Join(" | ", fields.Select(field => row[field]?.ToString() ?? "null")), "'when made'");

    private async Task<List<string>> RowsAsync(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Stop);
        var rows = new List<string>();
        while (await reader.ReadAsync(Stop))
        {
            var fields = Enumerable.Range(0, reader.FieldCount)
                .Select(i => reader.IsDBNull(i) ? "null" : reader.GetString(i));
            rows.Add(WhenMade().Replace(string.Join(" | ", fields), "'when made'"));
        }

        return rows;
    }

    [GeneratedRegex("'(<when made> )?\\d{4}-\\d\\d-\\d\\d [0-9:.+-]+'")]
    private static partial Regex WhenMade();
}
