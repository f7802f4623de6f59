namespace Chat.Projections.Rooms;

/// <summary>A stay in a room, by places in the whole log.</summary>
/// <param name="LeftSequence">Where it ended; null while it lasts.</param>
/// <param name="Floor">The last position of the room that the member does not see; 0 for a stay that is over.</param>
public sealed record StayRow(Guid RoomId, long JoinedSequence, long? LeftSequence, long Floor);

public sealed class StayReader(ReadSnapshot snapshot)
{
    /// <summary>The stays of an account that were not over at a place of the log.</summary>
    public Task<List<StayRow>> OfAccountAsync(Guid accountId, long afterSequence, CancellationToken ct) =>
        snapshot.QueryAsync(
            """
            select stay.room_id, stay.joined_sequence, stay.left_sequence, coalesce(member.floor, 0)
            from chat_read.stays stay
            left join chat_read.members member
                on member.account_id = stay.account_id and member.room_id = stay.room_id
            where stay.account_id = $1 and (stay.left_sequence is null or stay.left_sequence > $2)
            """,
            Sql.Parameters(accountId, afterSequence),
            row => new StayRow(
                row.GetGuid(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt64(2), row.GetInt64(3)), ct);

    /// <summary>Those among these accounts who are, or ever were, in a room that the account is in.</summary>
    public Task<List<Guid>> EverSharedAsync(Guid accountId, IReadOnlyList<Guid> others, CancellationToken ct) =>
        snapshot.QueryAsync(
            """
            select other from unnest($2) as asked (other)
            where exists (
                select from chat_read.members own
                join chat_read.stays theirs on theirs.room_id = own.room_id and theirs.account_id = asked.other
                where own.account_id = $1)
            """,
            Sql.Parameters(accountId, others.ToArray()), row => row.GetGuid(0), ct);

    /// <summary>The rooms that each of these accounts is, or ever was, in.</summary>
    public async Task<ILookup<Guid, Guid>> RoomsEverOfAsync(IReadOnlyList<Guid> accountIds, CancellationToken ct)
    {
        var rows = await snapshot.QueryAsync(
            "select distinct account_id, room_id from chat_read.stays where account_id = any($1)",
            Sql.Parameters(accountIds.ToArray()), row => (Account: row.GetGuid(0), Room: row.GetGuid(1)), ct);
        return rows.ToLookup(row => row.Account, row => row.Room);
    }
}
