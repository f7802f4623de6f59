namespace Chat.Projections.Messages;

public sealed record ReportRow(
    Guid Id, Guid RoomId, Guid MessageId, Guid ReporterId, string Reason, DateTimeOffset ReportedAt)
{
    public ReportKey Key => new(ReportedAt, Id);
}

/// <summary>Where a page of reports begins: after this one.</summary>
public sealed record ReportKey(DateTimeOffset ReportedAt, Guid Id)
{
    /// <summary>Before all that were ever made.</summary>
    internal static readonly ReportKey Newest = new(DateTimeOffset.MaxValue, Guid.AllBitsSet);
}

public sealed class ReportReader(ReadSnapshot snapshot)
{
    /// <summary>Reports of a room's messages, or of those of all rooms, newest first.</summary>
    public async Task<Page<ReportRow>> PageAsync(Guid? roomId, int first, ReportKey? after, CancellationToken ct)
    {
        var start = after ?? ReportKey.Newest;
        var (ofRoom, parameters) = roomId is { } room
            ? ("room_id = $4 and", Sql.Parameters(start.ReportedAt.UtcDateTime, start.Id, first + 1, room))
            : ("", Sql.Parameters(start.ReportedAt.UtcDateTime, start.Id, first + 1));
        var rows = await snapshot.QueryAsync(
            $"""
             select id, room_id, message_id, reporter_id, reason, reported_at from chat_read.reports
             where {ofRoom} (reported_at, id) < ($1, $2) order by reported_at desc, id desc limit $3
             """,
            parameters,
            row => new ReportRow(
                row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), row.GetGuid(3), row.GetString(4), row.Time(5)),
            ct);
        return new Page<ReportRow>(rows.Take(first).ToList(), after is not null, rows.Count > first);
    }
}
