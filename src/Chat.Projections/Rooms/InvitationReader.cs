using Npgsql;

namespace Chat.Projections.Rooms;

public sealed record InvitationRow(Guid RoomId, Guid AccountId, Guid InvitedBy, DateTimeOffset InvitedAt);

public sealed class InvitationReader(ReadSnapshot snapshot)
{
    private const string Columns = "room_id, account_id, invited_by, invited_at";

    /// <summary>The open invitations of an account, newest first, at most <paramref name="limit"/>.</summary>
    public Task<List<InvitationRow>> OfAccountAsync(Guid accountId, int limit, CancellationToken ct) =>
        snapshot.QueryAsync(
            $"""
             select {Columns} from chat_read.invitations where account_id = $1
             order by invited_at desc, room_id limit $2
             """,
            Sql.Parameters(accountId, limit), Map, ct);

    /// <summary>Which of these rooms the account is invited to.</summary>
    public Task<List<InvitationRow>> OfAccountAsync(
        Guid accountId, IReadOnlyList<Guid> roomIds, CancellationToken ct) => snapshot.QueryAsync(
            $"select {Columns} from chat_read.invitations where account_id = $1 and room_id = any($2)",
            Sql.Parameters(accountId, roomIds.ToArray()), Map, ct);

    private static InvitationRow Map(NpgsqlDataReader row) =>
        new(row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), row.Time(3));
}
