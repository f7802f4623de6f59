using Chat.Api.Accounts;
using Chat.Api.Commands;
using Chat.Domain.Messages;

namespace Chat.Api.Messages;

public sealed record AddReactionInput(Guid? CommandId, Guid MessageId, string Emoji);

public sealed record RemoveReactionInput(Guid? CommandId, Guid MessageId, string Emoji);

[MutationType]
internal static class ReactionMutations
{
    private static readonly AddReaction.Validator Additions = new();

    [GraphQLDescription("One emoji; a message takes 20 different ones.")]
    public static Task<MessagePayload> AddReactionAsync(
        AddReactionInput input, [GlobalState] Caller caller, MessageResults results, TimeProvider clock,
        CancellationToken ct) => CommandGate.SignedInAsync(caller, async session =>
        {
            var add = new AddReaction(input.MessageId, session.Account.Actor, input.Emoji);
            var errors = Additions.Check(add);
            if (errors.Count > 0)
                return MessagePayload.Failed(errors);
            return await results.RunWithReactionsAsync(
                new Command("addReaction", input.CommandId, input), session, caller, input.MessageId, add.RestsOn,
                (room, message, reactions) => add.Decide(room, message, reactions, clock.GetUtcNow()), ct);
        }, ct);

    public static Task<MessagePayload> RemoveReactionAsync(
        RemoveReactionInput input, [GlobalState] Caller caller, MessageResults results, TimeProvider clock,
        CancellationToken ct) => CommandGate.SignedInAsync(caller, session =>
        {
            var remove = new RemoveReaction(input.MessageId, session.Account.Actor, input.Emoji);
            return results.RunWithReactionsAsync(
                new Command("removeReaction", input.CommandId, input), session, caller, input.MessageId,
                remove.RestsOn,
                (room, message, reactions) => remove.Decide(room, message, reactions, clock.GetUtcNow()), ct);
        }, ct);
}
