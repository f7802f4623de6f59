using System.Collections.Immutable;
using Chat.Domain.Rooms;

namespace Chat.Domain.Messages;

/// <summary>
/// The reactions to one message as one person's decision sees them: which kinds there are and how often, and which are
/// their own. Counted by the read model, brought forward by later events; a million people make it no larger.
/// </summary>
public sealed record Reactions(Guid MessageId, Guid AccountId)
{
    /// <summary>Different emoji on one message.</summary>
    public const int KindsMax = 20;

    public ImmutableDictionary<string, int> Counts { get; init; } = ImmutableDictionary<string, int>.Empty;

    public ImmutableHashSet<string> Own { get; init; } = [];

    public Reactions Evolve(RoomEvent @event) => @event switch
    {
        ReactionAdded e when e.MessageId == MessageId => this with
        {
            Counts = Counts.SetItem(e.Emoji, Counts.GetValueOrDefault(e.Emoji) + 1),
            Own = e.AccountId == AccountId ? Own.Add(e.Emoji) : Own,
        },
        ReactionRemoved e when e.MessageId == MessageId => this with
        {
            Counts = Counts[e.Emoji] == 1
                ? Counts.Remove(e.Emoji)
                : Counts.SetItem(e.Emoji, Counts[e.Emoji] - 1),
            Own = e.AccountId == AccountId ? Own.Remove(e.Emoji) : Own,
        },
        MessageDeleted e when e.MessageId == MessageId => new Reactions(MessageId, AccountId),
        _ => this,
    };
}
