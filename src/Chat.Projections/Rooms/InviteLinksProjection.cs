using Chat.Domain.Rooms;
using Chat.EventStore;

namespace Chat.Projections.Rooms;

internal static class InviteLinksProjection
{
    public static void Apply(IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction)
    {
        var links = events.Where(stored => stored.Data is InviteLinkEvent).ToList();
        if (links.Count == 0)
            return;
        Create([.. links.Select(stored => stored.Data).OfType<InviteLinkCreated>()], transaction);
        var uses = links.Where(stored => stored.Data is InviteLinkUsed).GroupBy(stored => stored.StreamId)
            .ToDictionary(one => one.Key, one => one.Count());
        transaction.Enqueue(Sql.Command(
            $"""
            update {transaction.Schema}.invite_links link set uses = link.uses + used.times
            from unnest($1, $2) used (id, times) where link.id = used.id
            """,
            uses.Keys.ToArray(), uses.Values.ToArray()));
        var positions = links.GroupBy(stored => stored.StreamId)
            .ToDictionary(one => one.Key, one => one.Last().Version);
        transaction.Enqueue(Sql.Command(
            $"""
            update {transaction.Schema}.invite_links link set position = moved.position
            from unnest($1, $2) moved (id, position) where link.id = moved.id
            """,
            positions.Keys.ToArray(), positions.Values.ToArray()));
        transaction.Enqueue(Sql.Command(
            $"update {transaction.Schema}.invite_links set revoked = true where id = any($1)",
            links.Where(stored => stored.Data is InviteLinkRevoked).Select(stored => stored.StreamId).ToArray()));
    }

    private static void Create(List<InviteLinkCreated> created, ProjectionTransaction transaction) =>
        transaction.Enqueue(Sql.Command(
            $"""
            insert into {transaction.Schema}.invite_links
                (id, room_id, created_by, code_hash, max_uses, expires_at, uses, revoked, position)
            select new.*, 0, false, 0 from unnest($1, $2, $3, $4, $5, $6) new
            """,
            created.Select(e => e.LinkId).ToArray(),
            created.Select(e => e.RoomId).ToArray(),
            created.Select(e => e.CreatedBy).ToArray(),
            created.Select(e => e.CodeHash).ToArray(),
            created.Select(e => e.MaxUses).ToArray(),
            created.Select(e => e.ExpiresAt?.UtcDateTime).ToArray()));
}
