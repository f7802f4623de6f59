using Chat.Api.Accounts;
using Chat.Api.Commands;
using Chat.Domain.Messages;

namespace Chat.Api.Messages;

public sealed record DeleteMessageInput(Guid? CommandId, Guid MessageId, string? Reason);

[MutationType]
internal static class DeleteMessageMutation
{
    private static readonly DeleteMessage.Validator Deletions = new();

    [GraphQLDescription("By its author for 24 hours, or by who moderates. The text and the reactions are gone.")]
    public static Task<MessagePayload> DeleteMessageAsync(
        DeleteMessageInput input, [GlobalState] Caller caller, MessageResults results, TimeProvider clock,
        CancellationToken ct) => CommandGate.SignedInAsync(caller, async session =>
        {
            var delete = new DeleteMessage(input.MessageId, session.Account.Actor, input.Reason);
            var errors = Deletions.Check(delete);
            if (errors.Count > 0)
                return MessagePayload.Failed(errors);
            return await results.RunAsync(
                new Command("deleteMessage", input.CommandId, input), session, caller, input.MessageId,
                facts => delete.RestsOn(facts[input.MessageId]),
                (room, message) => delete.Decide(room, message, clock.GetUtcNow()), ct);
        }, ct);
}
