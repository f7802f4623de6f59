namespace Chat.Projections;

/// <summary>How far the snapshot's read models have followed the log.</summary>
public sealed class LogPosition(ReadSnapshot snapshot)
{
    public Task<long> ReadAsync(CancellationToken ct) => snapshot.QueryFirstAsync(
        "select last_seq_id from mt_event_progression where name = $1",
        Sql.Parameters($"{ReadModels.ProjectionName}:All"), row => row.GetInt64(0), ct);
}
