namespace Chat.Projections.Rooms;

/// <summary>Who is in a room with whom.</summary>
public sealed class CompanionReader(ReadSnapshot snapshot)
{
    /// <summary>The rooms that each of these accounts is a member of.</summary>
    public async Task<ILookup<Guid, Guid>> RoomsOfAsync(IReadOnlyList<Guid> accountIds, CancellationToken ct)
    {
        var rows = await snapshot.QueryAsync(
            "select account_id, room_id from chat_read.members where account_id = any($1)",
            Sql.Parameters(accountIds.ToArray()), row => (Account: row.GetGuid(0), Room: row.GetGuid(1)), ct);
        return rows.ToLookup(row => row.Account, row => row.Room);
    }

    /// <summary>The members of a room.</summary>
    public Task<List<Guid>> InAsync(Guid roomId, CancellationToken ct) => snapshot.QueryAsync(
        "select account_id from chat_read.members where room_id = $1",
        Sql.Parameters(roomId), row => row.GetGuid(0), ct);
}
