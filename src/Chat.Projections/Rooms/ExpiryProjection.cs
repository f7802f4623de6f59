using Chat.Domain.Rooms;
using Chat.EventStore;

namespace Chat.Projections.Rooms;

/// <summary>Lets history go. Such events end a slice: what they remove has been written before.</summary>
internal static class ExpiryProjection
{
    public static void Apply(IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction)
    {
        var expired = new Dictionary<Guid, long>();
        foreach (var stored in events)
        {
            if (stored.Data is HistoryExpired e)
                expired[stored.StreamId] = Math.Max(expired.GetValueOrDefault(stored.StreamId), e.ThroughPosition);
        }

        if (expired.Count == 0)
            return;
        object rooms = expired.Keys.ToArray(), positions = expired.Values.ToArray();
        foreach (var table in (string[])["reactions", "reaction_groups"])
        {
            transaction.Enqueue(Sql.Command(
                $"""
                delete from {transaction.Schema}.{table} one
                using unnest($1, $2) expired (room_id, position)
                join {transaction.Schema}.messages message
                    on message.room_id = expired.room_id and message.position <= expired.position
                where one.message_id = message.id
                """,
                rooms, positions));
        }

        foreach (var table in (string[])["pins", "mentions", "messages"])
        {
            transaction.Enqueue(Sql.Command(
                $"""
                delete from {transaction.Schema}.{table} one using unnest($1, $2) expired (room_id, position)
                where one.room_id = expired.room_id and one.position <= expired.position
                """,
                rooms, positions));
        }

        transaction.Enqueue(Sql.Command(
            $"""
            update {transaction.Schema}.rooms room
            set expired_through = greatest(room.expired_through, expired.position)
            from unnest($1, $2) expired (room_id, position) where room.id = expired.room_id
            """,
            rooms, positions));
    }
}
