using Chat.Domain.Messages;
using Chat.EventStore;

namespace Chat.Projections.Messages;

internal static class ReportsProjection
{
    public static void Apply(IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction)
    {
        var stored = events.Where(stored => stored.Data is MessageReported).ToList();
        if (stored.Count == 0)
            return;
        var reports = stored.ConvertAll(one => (MessageReported)one.Data);
        transaction.Enqueue(Sql.Command(
            $"""
            insert into {transaction.Schema}.reports (id, room_id, message_id, reporter_id, reason, reported_at)
            select * from unnest($1, $2, $3, $4, $5, $6)
            """,
            reports.Select(e => e.ReportId).ToArray(),
            reports.Select(e => e.RoomId).ToArray(),
            reports.Select(e => e.MessageId).ToArray(),
            reports.Select(e => e.ReporterId).ToArray(),
            reports.Select(e => e.Reason).ToArray(),
            stored.Select(one => one.Timestamp.UtcDateTime).ToArray()));
    }
}
