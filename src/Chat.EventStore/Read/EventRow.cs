using Npgsql;

namespace Chat.EventStore;

/// <summary>A row of <c>mt_events</c>, its JSON not yet looked at.</summary>
internal readonly record struct EventRow(
    long Sequence,
    Guid Id,
    Guid StreamId,
    long Version,
    string Type,
    byte[] Data,
    DateTimeOffset Timestamp,
    string? CorrelationId,
    string? CausationId,
    byte[]? Headers)
{
    private const int StreamIdColumn = 9;

    /// <summary>Reads the columns of <see cref="PageStatements"/>.</summary>
    /// <param name="reader">Stands on the row.</param>
    /// <param name="streamId">The stream, where the row does not say it.</param>
    public static EventRow Of(NpgsqlDataReader reader, Guid? streamId) => new(
        reader.GetInt64(0),
        reader.GetGuid(1),
        streamId ?? reader.GetGuid(StreamIdColumn),
        reader.GetInt64(2),
        reader.GetString(3),
        reader.GetFieldValue<byte[]>(4),
        reader.GetFieldValue<DateTimeOffset>(5),
        reader.IsDBNull(6) ? null : reader.GetString(6),
        reader.IsDBNull(7) ? null : reader.GetString(7),
        reader.IsDBNull(8) ? null : reader.GetFieldValue<byte[]>(8));
}
