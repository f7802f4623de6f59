using System.Collections.Immutable;
using Chat.Domain.Messages;

namespace Chat.Projections.Messages;

/// <summary>How many reacted to a message with one emoji.</summary>
public sealed record ReactionGroupRow(Guid MessageId, string Emoji, int Count);

/// <summary>One emoji on one message.</summary>
public readonly record struct ReactionKey(Guid MessageId, string Emoji);

public sealed class ReactionReader(ReadSnapshot snapshot)
{
    /// <summary>The kinds of reactions to these messages, each message's in the order in which they appeared.</summary>
    public Task<List<ReactionGroupRow>> GroupsAsync(IReadOnlyList<Guid> messageIds, CancellationToken ct) =>
        snapshot.QueryAsync(
            """
            select message_id, emoji, count from chat_read.reaction_groups where message_id = any($1)
            order by message_id, position
            """,
            Sql.Parameters(messageIds.ToArray()),
            row => new ReactionGroupRow(row.GetGuid(0), row.GetString(1), row.GetInt32(2)), ct);

    /// <summary>How an account reacted to these messages.</summary>
    public Task<List<ReactionKey>> OwnAsync(
        Guid accountId, IReadOnlyList<Guid> messageIds, CancellationToken ct) => snapshot.QueryAsync(
            "select message_id, emoji from chat_read.reactions where account_id = $1 and message_id = any($2)",
            Sql.Parameters(accountId, messageIds.ToArray()),
            row => new ReactionKey(row.GetGuid(0), row.GetString(1)), ct);

    /// <summary>Of each kind the first people who reacted like this.</summary>
    public async Task<ILookup<ReactionKey, Guid>> PeopleAsync(
        IReadOnlyList<ReactionKey> keys, int first, CancellationToken ct) => (await snapshot.QueryAsync(
            """
            select key.message_id, key.emoji, reaction.account_id
            from unnest($1, $2) key (message_id, emoji)
            cross join lateral (
                select account_id, position from chat_read.reactions reaction
                where reaction.message_id = key.message_id and reaction.emoji = key.emoji
                order by position limit $3
            ) reaction
            order by key.message_id, key.emoji, reaction.position
            """,
            Sql.Parameters(
                keys.Select(key => key.MessageId).ToArray(), keys.Select(key => key.Emoji).ToArray(), first),
            row => (Key: new ReactionKey(row.GetGuid(0), row.GetString(1)), Account: row.GetGuid(2)), ct))
            .ToLookup(one => one.Key, one => one.Account);

    /// <summary>The reactions to a message as the decision of an account sees them.</summary>
    public async Task<Reactions> FactAsync(Guid messageId, Guid accountId, CancellationToken ct) =>
        new(messageId, accountId)
        {
            Counts = (await GroupsAsync([messageId], ct))
                .ToImmutableDictionary(group => group.Emoji, group => group.Count),
            Own = [.. (await OwnAsync(accountId, [messageId], ct)).Select(own => own.Emoji)],
        };
}
