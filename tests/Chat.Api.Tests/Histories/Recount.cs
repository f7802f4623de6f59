using Chat.Domain;
using Chat.Domain.Messages;
using Chat.Domain.Rooms;

namespace Chat.Api.Tests.Histories;

/// <summary>A room folded from its log, and everything counted one by one.</summary>
public sealed class Recount(Guid roomId)
{
    private readonly List<(Guid Message, Guid Account, string Emoji, long Position)> _reactions = [];
    private readonly Dictionary<(Guid Message, string Emoji), long> _appeared = [];
    private readonly HashSet<Guid> _toAll = [];

    public Room? Room { get; private set; }

    public long Position { get; private set; }

    public Dictionary<Guid, Message> Messages { get; } = [];

    /// <summary>What retention has left.</summary>
    public IEnumerable<Message> Shown => Messages.Values
        .Where(message => message.Position > Room!.ExpiredThrough).OrderBy(message => message.Position);

    public void Add(RoomEvent e, Moment moment)
    {
        Room = Room.Evolve(Room, e, moment);
        Position = moment.Position;
        switch (e)
        {
            case MessagePosted posted:
                Fold(posted.MessageId, e, moment);
                if (posted.MentionsRoom)
                    _toAll.Add(posted.MessageId);
                break;
            case MessageEdited edited:
                Fold(edited.MessageId, e, moment);
                break;
            case MessageDeleted deleted:
                Fold(deleted.MessageId, e, moment);
                _reactions.RemoveAll(one => one.Message == deleted.MessageId);
                break;
            case ReactionAdded added:
                if (!ReactionsTo(added.MessageId).Any(one => one.Emoji == added.Emoji))
                    _appeared[(added.MessageId, added.Emoji)] = moment.Position;
                _reactions.Add((added.MessageId, added.AccountId, added.Emoji, moment.Position));
                break;
            case ReactionRemoved removed:
                _reactions.RemoveAll(one =>
                    (one.Message, one.Account, one.Emoji) == (removed.MessageId, removed.AccountId, removed.Emoji));
                break;
        }
    }

    public int RepliesTo(Message root) =>
        Messages.Values.Count(message => message.ThreadRootId == root.Id && !message.Deleted);

    public IEnumerable<(Guid Account, string Emoji)> ReactionsTo(Guid messageId) =>
        _reactions.Where(one => one.Message == messageId).Select(one => (one.Account, one.Emoji));

    public long AppearanceOf(Guid messageId, string emoji) => _appeared[(messageId, emoji)];

    /// <summary>The rule of docs/adr/0012-unread-counts.md; nulls for who is no member.</summary>
    public (int? Unread, int? Mentions) UnreadOf(Guid account, long marker)
    {
        if (!Room!.Members.TryGetValue(account, out var member))
            return (null, null);
        var unread = Shown
            .Where(message => message.Position > Math.Max(marker, member.Floor))
            .Where(message => message.AuthorId != account && !message.Deleted).ToList();
        return (unread.Count, unread.Count(message => message.Position > member.JoinedPosition
            && (message.MentionIds.Contains(account) || _toAll.Contains(message.Id))));
    }

    private void Fold(Guid messageId, RoomEvent e, Moment moment) =>
        Messages[messageId] = Message.Evolve(Messages.GetValueOrDefault(messageId), roomId, messageId, e, moment)!;
}
