using System.Runtime.CompilerServices;
using Npgsql;

namespace Chat.EventStore;

/// <summary>Reads the log page by page: each page is one short query by key, and few are held in memory.</summary>
internal sealed class LogReader(
    NpgsqlDataSource dataSource, MartenTables tables, EventCodec codec, EventStoreOptions options)
{
    // The pages behind the first one are fetched once this part of it is there.
    private const int ReadAheadShare = 4;

    private readonly PageStatements statements = new(dataSource, tables);
    private readonly ReadAheadPlaces places = new(options.ReadAheadConnections);

    internal PageStatements Statements => statements;

    internal ReadAheadPlaces Places => places;

    /// <summary>The pages of a stream, in the order asked for.</summary>
    public async IAsyncEnumerable<List<StoredEvent>> StreamPagesAsync(
        Guid streamId, StreamQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        LogQuery.Checked(query.EventTypeNames);
        var size = new PageSize(options.ReadPageEvents);
        var (from, to) = (Math.Max(query.FromVersion, 1), query.ToVersion ?? long.MaxValue);
        await using var ahead = new StreamReadAhead(this, streamId, options.ReadPageEvents, to, cancellationToken);
        Action? readAhead = query.IsDense ? () => ahead.Start(from + options.ReadPageEvents) : null;
        while (from <= to)
        {
            var page = await ahead.TakeAsync(from)
                ?? await ReadStreamPageAsync(streamId, query, (from, to), size.Next, readAhead, cancellationToken);
            readAhead = null;
            size.Learn(page);
            if (page.Events.Count > 0)
                yield return page.Events;
            if (page.IsLast)
                yield break;
            var reached = page.Events[^1].Version;
            (from, to) = query.Backwards ? (from, reached - 1) : (reached + 1, to);
        }
    }

    public async IAsyncEnumerable<StoredEvent> ReadStreamAsync(
        Guid streamId, StreamQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in StreamPagesAsync(streamId, query, cancellationToken))
        {
            foreach (var one in page)
                yield return one;
        }
    }

    /// <summary>Reads one page of a stream.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="query">The conditions.</param>
    /// <param name="versions">The versions, both included.</param>
    /// <param name="limit">Most events of the page.</param>
    /// <param name="readAhead">
    /// Called before the page is complete, if it seems to become a full one; a short stream never gets that far.
    /// </param>
    /// <param name="cancellationToken">Ends the read.</param>
    public async Task<LogPage> ReadStreamPageAsync(
        Guid streamId,
        StreamQuery query,
        (long From, long To) versions,
        int limit,
        Action? readAhead,
        CancellationToken cancellationToken)
    {
        await using var command = statements.StreamPage(streamId, query, versions, limit);
        return await ReadPageAsync(command, limit, streamId, readAhead, cancellationToken);
    }

    /// <summary>The events of the log that a query asks for.</summary>
    public async IAsyncEnumerable<StoredEvent> ReadAllAsync(
        LogQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var types = LogQuery.Checked(query.EventTypeNames);
        var size = new PageSize(options.ReadPageEvents);
        var (after, through) = (query.AfterSequence, query.ThroughSequence ?? long.MaxValue);
        await using var ahead = new ReadAhead(places);
        for (var isFirst = true; types is not { Length: 0 }; isFirst = false)
        {
            var page = ahead.TryTake(out var fetched)
                ? await fetched
                : await ReadAllPageAsync(after, through, types, size.Next, cancellationToken);
            size.Learn(page);
            if (!page.IsLast)
            {
                after = page.Events[^1].Sequence;
                // Who goes on behind the first page will read the next one too.
                if (!isFirst)
                    ahead.TryStart(() => ReadAllPageAsync(after, through, types, size.Next, cancellationToken));
            }

            foreach (var one in page.Events)
                yield return one;
            if (page.IsLast)
                yield break;
        }
    }

    public Task<LogPage> ReadAllPageAsync(long after, long through, int limit, CancellationToken cancellationToken) =>
        ReadAllPageAsync(after, through, types: null, limit, cancellationToken);

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

    private async Task<LogPage> ReadAllPageAsync(
        long after, long through, string[]? types, int limit, CancellationToken cancellationToken)
    {
        await using var command = statements.GlobalPage(after, through, types, limit);
        return await ReadPageAsync(command, limit, streamId: null, readAhead: null, cancellationToken);
    }

    private async Task<LogPage> ReadPageAsync(
        NpgsqlCommand command,
        int limit,
        Guid? streamId,
        Action? readAhead,
        CancellationToken cancellationToken)
    {
        var page = new PageDecoder(codec);
        var endedEarly = false;
        var seemsFull = Math.Max(1, limit / ReadAheadShare);
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            // Large events end a page early, so that memory is bounded by bytes as well as by count.
            for (var bytes = 0; !endedEarly && await reader.ReadAsync(cancellationToken);)
            {
                var row = EventRow.Of(reader, streamId);
                page.Add(row);
                if (page.Count == seemsFull)
                    readAhead?.Invoke();
                bytes += row.Data.Length;
                endedEarly = bytes >= options.ReadPageBytes;
            }
        }

        return new(
            await page.CompleteAsync(cancellationToken), IsLast: !endedEarly && page.Count < limit, endedEarly);
    }
}

/// <summary>Consecutive events.</summary>
/// <param name="Events">The events.</param>
/// <param name="IsLast">Whether nothing was left to read.</param>
/// <param name="EndedEarly">Whether the page was full by bytes before it was full by count.</param>
internal readonly record struct LogPage(List<StoredEvent> Events, bool IsLast, bool EndedEarly);
