using Chat.Domain.Rooms;

namespace Chat.Projections.Rooms;

/// <summary>An invite link, without its code.</summary>
/// <param name="Position">The version of the link's stream that the row reflects.</param>
public sealed record InviteLinkRow(
    Guid Id, Guid RoomId, Guid CreatedBy, int? MaxUses, DateTimeOffset? ExpiresAt, int Uses, bool Revoked,
    long Position)
{
    /// <summary>The link as decisions see it, at its position.</summary>
    public InviteLink ToFact() => new(Id, RoomId, CreatedBy, MaxUses, ExpiresAt) { Uses = Uses, Revoked = Revoked };
}

public sealed class InviteLinkReader(ReadSnapshot snapshot)
{
    /// <summary>The link with this code; null when there is none.</summary>
    public Task<InviteLinkRow?> FindAsync(string codeHash, CancellationToken ct) => snapshot.QueryFirstAsync(
        """
        select id, room_id, created_by, max_uses, expires_at, uses, revoked, position
        from chat_read.invite_links where code_hash = $1
        """,
        Sql.Parameters(codeHash),
        row => new InviteLinkRow(
            row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), row.IntOrNull(3), row.TimeOrNull(4), row.GetInt32(5),
            row.GetBoolean(6), row.GetInt64(7)),
        ct);

    /// <summary>How many links of a room can still be used, as far as the links themselves say.</summary>
    public async Task<int> CountOpenAsync(Guid roomId, DateTimeOffset now, CancellationToken ct) =>
        (int)await snapshot.QueryFirstAsync(
            """
            select count(*) from chat_read.invite_links
            where room_id = $1 and not revoked and (max_uses is null or uses < max_uses)
                and (expires_at is null or expires_at > $2)
            """,
            Sql.Parameters(roomId, now.UtcDateTime), row => row.GetInt64(0), ct);
}
