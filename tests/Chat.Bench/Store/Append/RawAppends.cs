using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Chat.Bench.Store.Append;

/// <summary>
/// The ceiling of appends: what a plain program reaches that knows the one thing it does. One connection, two prepared
/// statements in one round trip and one transaction: the versions of the streams by <c>unnest</c>, and the events by
/// <c>unnest</c>, in the same tables with the same indexes, in batches of the sizes that the store was seen to write.
/// It includes making the ids and the JSON of each event, while the batch before is on its way, as callers of the store
/// do; nothing else: no check of ids or conditions, no lock, no answers, and the versions are kept in memory.
/// </summary>
internal sealed class RawAppends : IAsyncDisposable
{
    /// <summary>Batches before the stretch that counts: PostgreSQL has made its generic plans by then.</summary>
    private const int WarmUpBatches = 100;

    private const NpgsqlDbType Array = NpgsqlDbType.Array;

    private const string UpdateStreams =
        """
        UPDATE mt_streams SET version = given.version, timestamp = $3
        FROM unnest($1, $2) AS given (id, version) WHERE mt_streams.id = given.id
        """;

    private const string InsertEvents =
        """
        INSERT INTO mt_events (
            seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, is_archived)
        SELECT nextval('mt_events_sequence'), given.id, given.stream_id, given.version, given.data, given.type, $7,
               '*DEFAULT*', given.dotnet_type, false
        FROM unnest($1, $2, $3, $4, $5, $6) AS given (id, stream_id, version, data, type, dotnet_type)
        """;

    private readonly NpgsqlBatch batch;
    private readonly AppendSource source;
    private readonly long[] versions;

    private RawAppends(NpgsqlConnection connection, AppendSource source, int eventsOfStream)
    {
        this.source = source;
        versions = new long[Workload.Streams];
        System.Array.Fill(versions, eventsOfStream);
        batch = new(connection)
        {
            BatchCommands =
            {
                Command(
                    UpdateStreams,
                    Array | NpgsqlDbType.Uuid,
                    Array | NpgsqlDbType.Bigint,
                    NpgsqlDbType.TimestampTz),
                Command(
                    InsertEvents,
                    Array | NpgsqlDbType.Uuid,
                    Array | NpgsqlDbType.Uuid,
                    Array | NpgsqlDbType.Bigint,
                    Array | NpgsqlDbType.Jsonb,
                    Array | NpgsqlDbType.Text,
                    Array | NpgsqlDbType.Text,
                    NpgsqlDbType.TimestampTz),
            },
        };
    }

    /// <summary>Appends batches of these sizes.</summary>
    /// <returns>The run; its latencies are those of a batch.</returns>
    public static async Task<AppendRun> RunAsync(
        BenchDatabase database,
        Workload work,
        AppendSettings settings,
        IReadOnlyList<int> sizes,
        CancellationToken cancellation)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync(cancellation);
        await using var raw = new RawAppends(connection, new(work, settings, 0, -1), Workload.EventsOfStream);
        await raw.batch.PrepareAsync(cancellation);
        await raw.AppendAsync([.. sizes.Take(WarmUpBatches)], cancellation);

        var before = CostReading.Now(database.Server);
        var started = Stopwatch.GetTimestamp();
        var latencies = await raw.AppendAsync(sizes, cancellation);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var events = sizes.Sum();
        var cost = CostReading.Now(database.Server).Since(before, events);
        return new(events, seconds, 0, Percentiles.Of(latencies), sizes, cost);
    }

    public ValueTask DisposeAsync() => batch.DisposeAsync();

    private static NpgsqlBatchCommand Command(string sql, params NpgsqlDbType[] types)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var type in types)
            command.Parameters.Add(new() { NpgsqlDbType = type, Value = DBNull.Value });
        return command;
    }

    private async Task<List<long>> AppendAsync(IReadOnlyList<int> sizes, CancellationToken cancellation)
    {
        var latencies = new List<long>(sizes.Count);
        if (sizes.Count == 0)
            return latencies;
        var next = Encode(sizes[0]);
        for (var i = 0; i < sizes.Count; i++)
        {
            Fill(next);
            var started = Stopwatch.GetTimestamp();
            var executing = batch.ExecuteNonQueryAsync(cancellation);
            if (i + 1 < sizes.Count)
                next = Encode(sizes[i + 1]);
            await executing;
            latencies.Add(Stopwatch.GetTimestamp() - started);
        }

        return latencies;
    }

    private RawBatch Encode(int events)
    {
        var one = new RawBatch(events);
        var touched = new Dictionary<int, long>(events);
        for (var i = 0; i < events; i++)
        {
            var (stream, id, data) = source.Next();
            one.Ids[i] = id;
            one.StreamIds[i] = Workload.StreamId(stream);
            one.Versions[i] = touched[stream] = ++versions[stream];
            one.Data[i] = JsonSerializer.SerializeToUtf8Bytes(data);
            one.Types[i] = MessagePosted.Alias;
            one.DotNetTypes[i] = MessagePosted.DotNetType;
        }

        // In id order, as everybody who locks several of these rows takes them.
        var order = touched.Keys.Order().ToArray();
        one.Touched = System.Array.ConvertAll(order, Workload.StreamId);
        one.TouchedVersions = System.Array.ConvertAll(order, stream => touched[stream]);
        return one;
    }

    private void Fill(RawBatch one)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        Set(batch.BatchCommands[0].Parameters, one.Touched, one.TouchedVersions, now);
        Set(
            batch.BatchCommands[1].Parameters,
            one.Ids, one.StreamIds, one.Versions, one.Data, one.Types, one.DotNetTypes, now);

        static void Set(NpgsqlParameterCollection parameters, params object[] values)
        {
            for (var i = 0; i < values.Length; i++)
                parameters[i].Value = values[i];
        }
    }

    private sealed class RawBatch(int events)
    {
        public Guid[] Touched { get; set; } = [];

        public long[] TouchedVersions { get; set; } = [];

        public Guid[] Ids { get; } = new Guid[events];

        public Guid[] StreamIds { get; } = new Guid[events];

        public long[] Versions { get; } = new long[events];

        public byte[][] Data { get; } = new byte[events][];

        public string[] Types { get; } = new string[events];

        public string[] DotNetTypes { get; } = new string[events];
    }
}
