using Chat.Api.Accounts;
using Chat.Api.Commands;
using Chat.Domain.Messages;

namespace Chat.Api.Messages;

public sealed record EditMessageInput(Guid? CommandId, Guid MessageId, string Text, IReadOnlyList<Guid>? MentionIds);

[MutationType]
internal static class EditMessageMutation
{
    private static readonly EditMessage.Validator Edits = new();

    [GraphQLDescription("By its author, for 24 hours; without mentionIds the mentions stay as they are.")]
    public static Task<MessagePayload> EditMessageAsync(
        EditMessageInput input, [GlobalState] Caller caller, MessageResults results, TimeProvider clock,
        CancellationToken ct) => CommandGate.SignedInAsync(caller, async session =>
        {
            var edit = new EditMessage(input.MessageId, session.Account.Actor, input.Text)
            {
                MentionIds = input.MentionIds,
            };
            var errors = Edits.Check(edit);
            if (errors.Count > 0)
                return MessagePayload.Failed(errors);
            return await results.RunAsync(
                new Command("editMessage", input.CommandId, input), session, caller, input.MessageId,
                _ => edit.RestsOn, (room, message) => edit.Decide(room, message, clock.GetUtcNow()), ct);
        }, ct);
}
