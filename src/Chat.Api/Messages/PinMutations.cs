using Chat.Api.Accounts;
using Chat.Api.Commands;
using Chat.Domain.Messages;

namespace Chat.Api.Messages;

public sealed record PinMessageInput(Guid? CommandId, Guid MessageId);

public sealed record UnpinMessageInput(Guid? CommandId, Guid MessageId);

[MutationType]
internal static class PinMutations
{
    [GraphQLDescription("A room takes 50 pinned messages.")]
    public static Task<MessagePayload> PinMessageAsync(
        PinMessageInput input, [GlobalState] Caller caller, MessageResults results, TimeProvider clock,
        CancellationToken ct) => CommandGate.SignedInAsync(caller, session =>
        {
            var pin = new PinMessage(input.MessageId, session.Account.Actor);
            return results.RunAsync(
                new Command("pinMessage", input.CommandId, input), session, caller, input.MessageId,
                _ => pin.RestsOn, (room, message) => pin.Decide(room, message, clock.GetUtcNow()), ct);
        }, ct);

    public static Task<MessagePayload> UnpinMessageAsync(
        UnpinMessageInput input, [GlobalState] Caller caller, MessageResults results, TimeProvider clock,
        CancellationToken ct) => CommandGate.SignedInAsync(caller, session =>
        {
            var unpin = new UnpinMessage(input.MessageId, session.Account.Actor);
            return results.RunAsync(
                new Command("unpinMessage", input.CommandId, input), session, caller, input.MessageId,
                _ => unpin.RestsOn, (room, message) => unpin.Decide(room, message, clock.GetUtcNow()), ct);
        }, ct);
}
