using Chat.Domain.Messages;
using Chat.EventStore;

namespace Chat.Projections.Messages;

/// <summary>Who reacted how, and how many with each emoji.</summary>
internal static class ReactionsProjection
{
    // Restarted: nobody had reacted like this when the first of these events came.
    private sealed record Group(bool Restarted, int Count, long Position);

    public static void Apply(IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction)
    {
        var reactions = new Dictionary<(Guid Message, Guid Account, string Emoji), long?>();
        var groups = new Dictionary<(Guid Message, string Emoji), Group>();
        foreach (var stored in events)
        {
            switch (stored.Data)
            {
                case ReactionAdded e:
                    var added = groups.GetValueOrDefault((e.MessageId, e.Emoji));
                    reactions[(e.MessageId, e.AccountId, e.Emoji)] = stored.Version;
                    groups[(e.MessageId, e.Emoji)] = e.NewKind
                        ? new Group(Restarted: true, 1, stored.Version)
                        : Joined(added, stored.Version);
                    break;
                case ReactionRemoved e:
                    var left = groups.GetValueOrDefault((e.MessageId, e.Emoji), new Group(false, 0, stored.Version));
                    reactions[(e.MessageId, e.AccountId, e.Emoji)] = null;
                    groups[(e.MessageId, e.Emoji)] = left with { Count = left.Count - 1 };
                    break;
            }
        }

        if (groups.Count == 0)
            return;
        Replace(reactions, transaction);
        Count(groups, transaction);
    }

    private static Group Joined(Group? group, long position) => group is null
        ? new Group(Restarted: false, 1, position)
        : group with { Count = group.Count + 1 };

    private static void Replace(
        Dictionary<(Guid Message, Guid Account, string Emoji), long?> reactions, ProjectionTransaction transaction)
    {
        transaction.Enqueue(Sql.Command(
            $"""
            delete from {transaction.Schema}.reactions reaction
            using unnest($1, $2, $3) gone (message_id, account_id, emoji)
            where reaction.message_id = gone.message_id and reaction.account_id = gone.account_id
                and reaction.emoji = gone.emoji
            """,
            reactions.Keys.Select(key => key.Message).ToArray(),
            reactions.Keys.Select(key => key.Account).ToArray(),
            reactions.Keys.Select(key => key.Emoji).ToArray()));
        var present = reactions.Where(one => one.Value is not null).ToList();
        transaction.Enqueue(Sql.Command(
            $"""
            insert into {transaction.Schema}.reactions (message_id, account_id, emoji, position)
            select * from unnest($1, $2, $3, $4)
            """,
            present.ConvertAll(one => one.Key.Message).ToArray(),
            present.ConvertAll(one => one.Key.Account).ToArray(),
            present.ConvertAll(one => one.Key.Emoji).ToArray(),
            present.ConvertAll(one => one.Value!.Value).ToArray()));
    }

    private static void Count(
        Dictionary<(Guid Message, string Emoji), Group> groups, ProjectionTransaction transaction)
    {
        object messages = groups.Keys.Select(key => key.Message).ToArray();
        object emoji = groups.Keys.Select(key => key.Emoji).ToArray();
        transaction.Enqueue(Sql.Command(
            $"""
            delete from {transaction.Schema}.reaction_groups old
            using unnest($1, $2, $3) change (message_id, emoji, restarted)
            where old.message_id = change.message_id and old.emoji = change.emoji and change.restarted
            """,
            messages, emoji, groups.Values.Select(group => group.Restarted).ToArray()));
        transaction.Enqueue(Sql.Command(
            $"""
            insert into {transaction.Schema}.reaction_groups as old (message_id, emoji, count, position)
            select * from unnest($1, $2, $3, $4)
            on conflict (message_id, emoji) do update set count = old.count + excluded.count
            """,
            messages, emoji,
            groups.Values.Select(group => group.Count).ToArray(),
            groups.Values.Select(group => group.Position).ToArray()));
        transaction.Enqueue(Sql.Command(
            $"""
            delete from {transaction.Schema}.reaction_groups old
            using unnest($1, $2) changed (message_id, emoji)
            where old.message_id = changed.message_id and old.emoji = changed.emoji and old.count = 0
            """,
            messages, emoji));
    }
}
