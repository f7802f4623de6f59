using System.Runtime.CompilerServices;
using Npgsql;

namespace Chat.EventStore;

/// <summary>Reads the log page by page: each page is one short query by key, and memory is bounded by a page.</summary>
internal sealed class LogReader(
    NpgsqlDataSource dataSource, MartenTables tables, EventCodec codec, EventStoreOptions options)
{
    private const string Columns =
        "seq_id, id, stream_id, version, type, data, timestamp, correlation_id, causation_id, headers";

    private readonly string streamPage =
        $"""
        SELECT {Columns} FROM {tables.Events}
        WHERE stream_id = $1 AND version >= $2 AND version <= $3 ORDER BY version LIMIT $4
        """;

    private readonly string globalPage =
        $"SELECT {Columns} FROM {tables.Events} WHERE seq_id > $1 AND seq_id <= $2 ORDER BY seq_id LIMIT $3";

    internal string StreamPageSql => streamPage;

    internal string GlobalPageSql => globalPage;

    public async IAsyncEnumerable<StoredEvent> ReadStreamAsync(
        Guid streamId, long fromVersion, long toVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var size = new PageSize(options.ReadPageEvents);
        for (var isLast = false; !isLast && fromVersion <= toVersion;)
        {
            var page = await ReadPageAsync(streamPage, size.Next, cancellationToken, streamId, fromVersion, toVersion);
            size.Learn(page);
            foreach (var one in page.Events)
                yield return one;
            isLast = page.IsLast;
            fromVersion = isLast ? fromVersion : page.Events[^1].Version + 1;
        }
    }

    public async IAsyncEnumerable<StoredEvent> ReadAllAsync(
        long afterSequence, long throughSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var size = new PageSize(options.ReadPageEvents);
        for (var isLast = false; !isLast;)
        {
            var page = await ReadAllPageAsync(afterSequence, throughSequence, size.Next, cancellationToken);
            size.Learn(page);
            foreach (var one in page.Events)
                yield return one;
            isLast = page.IsLast;
            afterSequence = isLast ? afterSequence : page.Events[^1].Sequence;
        }
    }

    public Task<LogPage> ReadAllPageAsync(long after, long through, int limit, CancellationToken cancellationToken) =>
        ReadPageAsync(globalPage, limit, cancellationToken, after, through);

    public async Task<long> LastSequenceAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand($"SELECT coalesce(max(seq_id), 0) FROM {tables.Events}");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task<StreamState?> FetchStateAsync(Guid streamId, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            $"""
            SELECT type, coalesce(version, 0), created, timestamp, coalesce(is_archived, false)
            FROM {tables.Streams} WHERE id = $1
            """);
        command.Parameters.Add(new() { Value = streamId });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        return new(
            streamId,
            reader.IsDBNull(0) ? null : reader.GetString(0),
            reader.GetInt64(1),
            reader.GetFieldValue<DateTimeOffset>(2),
            reader.GetFieldValue<DateTimeOffset>(3),
            reader.GetBoolean(4));
    }

    private async Task<LogPage> ReadPageAsync(
        string sql, int limit, CancellationToken cancellationToken, params object[] values)
    {
        var (rows, endedEarly) = await ReadRowsAsync(sql, limit, values, cancellationToken);
        return new(
            await codec.DecodeAsync(rows, cancellationToken), IsLast: !endedEarly && rows.Count < limit, endedEarly);
    }

    // Large events end a page early, so that memory is bounded by bytes as well as by count.
    private async Task<(List<EventRow> Rows, bool EndedEarly)> ReadRowsAsync(
        string sql, int limit, object[] values, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        command.Parameters.Add(new() { Value = limit });

        var rows = new List<EventRow>();
        var bytes = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = EventRow.Of(reader);
            rows.Add(row);
            bytes += row.Data.Length;
            if (bytes >= options.ReadPageBytes)
                return (rows, true);
        }

        return (rows, false);
    }
}

/// <summary>Consecutive events.</summary>
/// <param name="Events">The events.</param>
/// <param name="IsLast">Whether nothing was left to read.</param>
/// <param name="EndedEarly">Whether the page was full by bytes before it was full by count.</param>
internal readonly record struct LogPage(List<StoredEvent> Events, bool IsLast, bool EndedEarly);
