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
    public static EventRow Of(NpgsqlDataReader reader) => new(
        reader.GetInt64(0),
        reader.GetGuid(1),
        reader.GetGuid(2),
        reader.GetInt64(3),
        reader.GetString(4),
        reader.GetFieldValue<byte[]>(5),
        reader.GetFieldValue<DateTimeOffset>(6),
        reader.IsDBNull(7) ? null : reader.GetString(7),
        reader.IsDBNull(8) ? null : reader.GetString(8),
        reader.IsDBNull(9) ? null : reader.GetFieldValue<byte[]>(9));
}
