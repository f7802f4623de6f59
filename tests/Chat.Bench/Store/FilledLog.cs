using System.Globalization;
using System.Text.Json;
using Chat.Bench.Store.Append;

namespace Chat.Bench.Store;

/// <summary>A log as many appends would have left it, made by the server itself.</summary>
/// <param name="Streams">Their ids are those of <see cref="Workload.StreamId"/>, from 0 on.</param>
/// <param name="EventsOfStream">Versions 1 to this of every stream; the streams take turns.</param>
/// <param name="Ids">The event ids.</param>
internal sealed record FilledLog(int Streams, int EventsOfStream, IdKind Ids)
{
    /// <summary>From here on, filling with the indexes in place takes longer than making them afterwards.</summary>
    private const long IndexesLastFrom = 2_000_000;

    /// <summary>Statements small enough to be seen moving.</summary>
    private const int EventsOfStatement = 500_000;

    private const string SecondaryIndexes =
        """
        SELECT coalesce(string_agg(indexname || '=' || indexdef, ';'), '') FROM pg_indexes
        WHERE schemaname = 'public' AND tablename = 'mt_events' AND indexname <> 'pkey_mt_events_seq_id'
        """;

    public long Events => (long)Streams * EventsOfStream;

    /// <summary>Streams as the append rows find them.</summary>
    public static FilledLog OfWorkload(IdKind ids) => new(Workload.Streams, Workload.EventsOfStream, ids);

    /// <summary>Fills an empty database.</summary>
    public async Task FillAsync(BenchDatabase database, CancellationToken cancellation)
    {
        await database.ExecuteAsync(
            $"""
            INSERT INTO mt_streams (id, type, version, timestamp, created)
            SELECT {StreamSql("n")}, 'room', {EventsOfStream}, now(), now() FROM generate_series(0, {Streams - 1}) n;
            INSERT INTO chat_store.stream_tags (stream_id, tag, version)
            SELECT {StreamSql("n")}, '{Workload.TagOf(0).TrimEnd('0')}' || t, 1
            FROM generate_series(0, {Streams - 1}) n, generate_series(0, {Workload.TagsOfStream - 1}) t
            """,
            cancellation);
        var indexes = Events < IndexesLastFrom
            ? []
            : (await database.ScalarAsync<string>(SecondaryIndexes, cancellation))
                .Split(';').Select(one => one.Split('=', 2)).ToArray();
        foreach (var index in indexes)
            await database.ExecuteAsync($"DROP INDEX {index[0]}", cancellation);
        for (var first = 1L; first <= Events; first += EventsOfStatement)
            await FillAsync(database, first, Math.Min(Events, first + EventsOfStatement - 1), cancellation);
        foreach (var index in indexes)
            await database.ExecuteAsync($"SET maintenance_work_mem = '512MB'; {index[1]}", cancellation);
        await database.ExecuteAsync($"SELECT setval('mt_events_sequence', {Events})", cancellation);
    }

    // The streams are there, so each row need not look its own up: only the time of filling depends on it.
    private Task FillAsync(BenchDatabase database, long first, long last, CancellationToken cancellation)
    {
        var json = JsonSerializer.Serialize(MessagePosted.Of(Guid.Empty, Guid.Empty)).Replace("'", "''");
        var id = Ids is IdKind.Ordered
            ? "(lpad(to_hex(n), 12, '0') || '7000800000000000' || lpad(to_hex(n % 65536), 4, '0'))::uuid"
            : "gen_random_uuid()";
        return database.ExecuteAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                SET session_replication_role = replica;
                INSERT INTO mt_events (
                    seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, is_archived)
                SELECT n, {id}, {StreamSql($"((n - 1) % {Streams})")}, (n - 1) / {Streams} + 1,
                       '{json}'::jsonb, '{MessagePosted.Alias}', now(), '*DEFAULT*', '{MessagePosted.DotNetType}', false
                FROM generate_series({first}, {last}) n;
                RESET session_replication_role
                """),
            cancellation);
    }

    // The same as Workload.StreamId: the number stands in the first four bytes.
    private static string StreamSql(string number) => $"rpad(lpad(to_hex({number}), 8, '0'), 32, '0')::uuid";
}
