using Chat.Domain.Messages;
using Chat.EventStore;

namespace Chat.Projections.Messages;

/// <summary>Deleted messages lose what they said; nothing happens to one after that.</summary>
internal static class DeletionsProjection
{
    public static void Apply(IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction)
    {
        var deleted = new Dictionary<Guid, DateTime>();
        foreach (var stored in events)
        {
            if (stored.Data is MessageDeleted e)
                deleted.TryAdd(e.MessageId, stored.Timestamp.UtcDateTime);
        }

        if (deleted.Count == 0)
            return;
        object ids = deleted.Keys.ToArray();
        transaction.Enqueue(Sql.Command(
            $"""
            update {transaction.Schema}.messages root set reply_count = root.reply_count - gone.replies
            from (
                select thread_root_id, count(*)::int replies from {transaction.Schema}.messages
                where id = any($1) and thread_root_id is not null and deleted_at is null group by thread_root_id
            ) gone
            where root.id = gone.thread_root_id
            """,
            ids));
        transaction.Enqueue(Sql.Command(
            $"""
            delete from {transaction.Schema}.mentions mention using {transaction.Schema}.messages message
            where message.id = any($1)
                and mention.room_id = message.room_id and mention.position = message.position
            """,
            ids));
        foreach (var table in (string[])["reactions", "reaction_groups"])
        {
            transaction.Enqueue(Sql.Command(
                $"delete from {transaction.Schema}.{table} where message_id = any($1)", ids));
        }

        transaction.Enqueue(Sql.Command(
            $"""
            update {transaction.Schema}.messages message
            set text = '', mention_ids = null, deleted_at = coalesce(message.deleted_at, gone.at)
            from unnest($1, $2) gone (id, at) where message.id = gone.id
            """,
            ids, deleted.Values.ToArray()));
    }
}
