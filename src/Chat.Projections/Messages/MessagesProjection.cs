using Chat.Domain.Messages;
using Chat.EventStore;

namespace Chat.Projections.Messages;

internal static class MessagesProjection
{
    public static void Apply(IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction)
    {
        var posted = events.Where(stored => stored.Data is MessagePosted).ToList();
        if (posted.Count == 0)
            return;
        var messages = posted.ConvertAll(stored => (MessagePosted)stored.Data);
        transaction.Enqueue(Sql.Command(
            $"""
            insert into {transaction.Schema}.messages (room_id, position, id, author_id, text, sent_at)
            select * from unnest($1, $2, $3, $4, $5, $6)
            """,
            posted.Select(stored => stored.StreamId).ToArray(),
            posted.Select(stored => stored.Version).ToArray(),
            messages.Select(message => message.MessageId).ToArray(),
            messages.Select(message => message.AuthorId).ToArray(),
            messages.Select(message => message.Text).ToArray(),
            posted.Select(stored => stored.Timestamp.UtcDateTime).ToArray()));
    }
}
