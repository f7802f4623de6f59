using Chat.Domain.Messages;
using Chat.EventStore;

namespace Chat.Projections.Messages;

/// <summary>New messages, numbered on in their rooms and for their authors there.</summary>
internal sealed class PostedRows
{
    private readonly List<StoredEvent> _stored = [];
    private readonly List<MessagePosted> _events = [];
    private readonly List<long> _ordinals = [];
    private readonly List<int> _authors = [];
    private readonly List<long> _authorOrdinals = [];
    private readonly Dictionary<Guid, long> _ofRoom = [];
    private readonly Dictionary<(Guid Room, Guid Author), (int Index, long Messages)> _ofAuthor = [];

    /// <summary>An array as PostgreSQL reads it: arrays of arrays must not be ragged, text may.</summary>
    public static string? ArrayText(IReadOnlyList<Guid>? ids) =>
        ids is { Count: > 0 } ? $"{{{string.Join(',', ids)}}}" : null;

    public void Add(StoredEvent stored, MessagePosted e)
    {
        var ordinal = _ofRoom.GetValueOrDefault(stored.StreamId) + 1;
        var (index, written) = _ofAuthor.GetValueOrDefault((stored.StreamId, e.AuthorId), (_ofAuthor.Count + 1, 0));
        _ofRoom[stored.StreamId] = ordinal;
        _ofAuthor[(stored.StreamId, e.AuthorId)] = (index, written + 1);
        _stored.Add(stored);
        _events.Add(e);
        _ordinals.Add(ordinal);
        _authors.Add(index);
        _authorOrdinals.Add(written + 1);
    }

    public void Enqueue(ProjectionTransaction transaction)
    {
        if (_events.Count == 0)
            return;
        // The newest message of each author is looked up once, not once a message.
        transaction.Enqueue(Sql.Command(
            $"""
            insert into {transaction.Schema}.messages
                (room_id, position, id, author_id, text, sent_at, reply_to_id, thread_root_id, mention_ids,
                 mentions_room, ordinal, author_ordinal)
            select new.room_id, new.position, new.id, author.id, new.text, new.sent_at, new.reply_to_id,
                new.thread_root_id, new.mention_ids::uuid[], new.mentions_room,
                room.message_count + new.ordinal, author.messages + new.author_ordinal
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) new
                (room_id, position, id, text, sent_at, reply_to_id, thread_root_id, mention_ids, mentions_room,
                 ordinal, author, author_ordinal)
            join {transaction.Schema}.rooms room on room.id = new.room_id
            join (
                select one.nth, one.id, coalesce((
                    select last.author_ordinal from {transaction.Schema}.messages last
                    where last.author_id = one.id and last.room_id = one.room_id
                    order by last.position desc limit 1), 0) messages
                from unnest($13, $14) with ordinality one (room_id, id, nth)
            ) author on author.nth = new.author
            """,
            _stored.Select(stored => stored.StreamId).ToArray(),
            _stored.Select(stored => stored.Version).ToArray(),
            _events.Select(e => e.MessageId).ToArray(),
            _events.Select(e => e.Text).ToArray(),
            _stored.Select(stored => stored.Timestamp.UtcDateTime).ToArray(),
            _events.Select(e => e.ReplyToId).ToArray(),
            _events.Select(e => e.ThreadRootId).ToArray(),
            _events.Select(e => ArrayText(e.MentionIds)).ToArray(),
            _events.Select(e => e.MentionsRoom).ToArray(),
            _ordinals.ToArray(),
            _authors.ToArray(),
            _authorOrdinals.ToArray(),
            _ofAuthor.Keys.Select(key => key.Room).ToArray(),
            _ofAuthor.Keys.Select(key => key.Author).ToArray()));
    }
}
