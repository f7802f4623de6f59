using Npgsql;

namespace Chat.EventStore.Tests.Proofs;

/// <summary>What is in the database when all is over.</summary>
/// <param name="Events">The log in sequence order.</param>
/// <param name="Streams">The versions of the streams' rows.</param>
/// <param name="Names">The rows that were written alongside.</param>
/// <param name="Recorded">What the projection applied, in that order.</param>
public sealed record StoredLog(
    IReadOnlyList<LoggedEvent> Events,
    IReadOnlyDictionary<Guid, long> Streams,
    IReadOnlyDictionary<string, Guid> Names,
    IReadOnlyList<RecordedEvent> Recorded)
{
    public static async Task<StoredLog> ReadAsync(NpgsqlDataSource dataSource) => new(
        await RowsAsync(
            dataSource,
            "SELECT seq_id, id, stream_id, version, headers ->> 'input' FROM mt_events ORDER BY seq_id",
            row => new LoggedEvent(
                row.GetInt64(0),
                row.GetGuid(1),
                row.GetGuid(2),
                row.GetInt64(3),
                row.IsDBNull(4) ? "" : row.GetString(4))),
        (await RowsAsync(
            dataSource, "SELECT id, version FROM mt_streams", row => (Id: row.GetGuid(0), Version: row.GetInt64(1))))
            .ToDictionary(row => row.Id, row => row.Version),
        (await RowsAsync(
            dataSource, "SELECT name, first_event FROM names", row => (Name: row.GetString(0), Id: row.GetGuid(1))))
            .ToDictionary(row => row.Name, row => row.Id, StringComparer.Ordinal),
        await RowsAsync(
            dataSource,
            "SELECT sequence, stream_id, version FROM recorded ORDER BY place",
            row => new RecordedEvent(row.GetInt64(0), row.GetGuid(1), row.GetInt64(2))));

    private static async Task<List<T>> RowsAsync<T>(
        NpgsqlDataSource dataSource, string sql, Func<NpgsqlDataReader, T> rowOf)
    {
        await using var command = dataSource.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(StoreTest.Stop);
        var rows = new List<T>();
        while (await reader.ReadAsync(StoreTest.Stop))
            rows.Add(rowOf(reader));
        return rows;
    }
}

/// <summary>A row of the log; its input names the attempt that wrote it.</summary>
public sealed record LoggedEvent(long Sequence, Guid Id, Guid Stream, long Version, string Input);

/// <summary>A row of the projection.</summary>
public sealed record RecordedEvent(long Sequence, Guid Stream, long Version);
