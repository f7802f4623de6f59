using Chat.Domain.Messages;
using Chat.EventStore;

namespace Chat.Projections.Messages;

/// <summary>Messages, what is edited of them, and whom they mention. A page of plain posts is one statement.</summary>
internal static class MessagesProjection
{
    public static void Apply(IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction)
    {
        var posted = new PostedRows();
        var replies = new Dictionary<Guid, int>();
        var edited = new Dictionary<Guid, (MessageEdited Event, DateTimeOffset At)>();
        var mentions = new Dictionary<Guid, IReadOnlyList<Guid>>();
        foreach (var stored in events)
        {
            switch (stored.Data)
            {
                case MessagePosted e:
                    posted.Add(stored, e);
                    if (e.ThreadRootId is { } root)
                        replies[root] = replies.GetValueOrDefault(root) + 1;
                    if (e.MentionIds is { } mentioned)
                        mentions[e.MessageId] = mentioned;
                    break;
                case MessageEdited e:
                    edited[e.MessageId] = (e, stored.Timestamp);
                    mentions[e.MessageId] = e.MentionIds ?? [];
                    break;
            }
        }

        posted.Enqueue(transaction);
        Count(replies, transaction);
        Edit(edited, transaction);
        Mention(mentions, transaction);
    }

    private static void Count(Dictionary<Guid, int> replies, ProjectionTransaction transaction)
    {
        if (replies.Count == 0)
            return;
        transaction.Enqueue(Sql.Command(
            $"""
            update {transaction.Schema}.messages root set reply_count = root.reply_count + more.replies
            from unnest($1, $2) more (id, replies) where root.id = more.id
            """,
            replies.Keys.ToArray(), replies.Values.ToArray()));
    }

    private static void Edit(
        Dictionary<Guid, (MessageEdited Event, DateTimeOffset At)> edited, ProjectionTransaction transaction)
    {
        if (edited.Count == 0)
            return;
        transaction.Enqueue(Sql.Command(
            $"""
            update {transaction.Schema}.messages message
            set text = edit.text, mention_ids = edit.mention_ids::uuid[], edited_at = edit.at
            from unnest($1, $2, $3, $4) edit (id, text, mention_ids, at) where message.id = edit.id
            """,
            edited.Keys.ToArray(),
            edited.Values.Select(edit => edit.Event.Text).ToArray(),
            edited.Values.Select(edit => PostedRows.ArrayText(edit.Event.MentionIds)).ToArray(),
            edited.Values.Select(edit => edit.At.UtcDateTime).ToArray()));
        transaction.Enqueue(Sql.Command(
            $"""
            delete from {transaction.Schema}.mentions mention using {transaction.Schema}.messages message
            where message.id = any($1)
                and mention.room_id = message.room_id and mention.position = message.position
            """,
            edited.Keys.ToArray()));
    }

    private static void Mention(Dictionary<Guid, IReadOnlyList<Guid>> mentions, ProjectionTransaction transaction)
    {
        var pairs = mentions.SelectMany(one => one.Value.Distinct().Select(account => (one.Key, Account: account)))
            .ToList();
        if (pairs.Count == 0)
            return;
        transaction.Enqueue(Sql.Command(
            $"""
            insert into {transaction.Schema}.mentions (account_id, room_id, position)
            select mention.account_id, message.room_id, message.position
            from unnest($1, $2) mention (message_id, account_id)
            join {transaction.Schema}.messages message on message.id = mention.message_id
            where mention.account_id <> message.author_id
            """,
            pairs.ConvertAll(pair => pair.Key).ToArray(),
            pairs.ConvertAll(pair => pair.Account).ToArray()));
    }
}
