namespace Chat.Projections.Messages;

public sealed record ReportRow(
    Guid Id, Guid RoomId, Guid MessageId, Guid ReporterId, string Reason, DateTimeOffset ReportedAt);

public sealed class ReportReader(ReadSnapshot snapshot)
{
    /// <summary>The newest reports of a room's messages, newest first.</summary>
    public Task<List<ReportRow>> NewestAsync(Guid roomId, int limit, CancellationToken ct) => snapshot.QueryAsync(
        """
        select id, room_id, message_id, reporter_id, reason, reported_at from chat_read.reports
        where room_id = $1 order by reported_at desc, id limit $2
        """,
        Sql.Parameters(roomId, limit),
        row => new ReportRow(
            row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), row.GetGuid(3), row.GetString(4), row.Time(5)),
        ct);
}
