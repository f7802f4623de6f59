namespace Chat.Projections.Rooms;

public sealed record PinRow(Guid MessageId, long Position);

public sealed class PinReader(ReadSnapshot snapshot)
{
    /// <summary>A room's pinned messages, by the position of the message; the domain bounds how many.</summary>
    public Task<List<PinRow>> OfRoomAsync(Guid roomId, CancellationToken ct) => snapshot.QueryAsync(
        "select message_id, position from chat_read.pins where room_id = $1 order by position",
        Sql.Parameters(roomId), row => new PinRow(row.GetGuid(0), row.GetInt64(1)), ct);

    /// <summary>Which of these messages are pinned.</summary>
    public async Task<IReadOnlySet<Guid>> AmongAsync(
        IReadOnlyList<Guid> roomIds, IReadOnlyList<Guid> messageIds, CancellationToken ct) =>
        (await snapshot.QueryAsync(
            "select message_id from chat_read.pins where room_id = any($1) and message_id = any($2)",
            Sql.Parameters(roomIds.ToArray(), messageIds.ToArray()), row => row.GetGuid(0), ct)).ToHashSet();
}
