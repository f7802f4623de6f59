using Chat.Api.Accounts;
using Chat.Api.Commands;
using Chat.Api.Limits;
using Chat.Api.Rooms;
using Chat.Domain.Messages;
using Chat.Projections;
using Chat.Projections.Messages;

namespace Chat.Api.Messages;

public sealed record PostMessageInput(Guid? CommandId, Guid RoomId, string Text);

public sealed record MessagePayload(MessageView? Message, long? Position, IReadOnlyList<CommandError> Errors)
    : ICommandPayload<MessagePayload>
{
    public static MessagePayload Failed(IReadOnlyList<CommandError> errors) => new(null, null, errors);
}

[MutationType]
internal static class PostMessageMutation
{
    private static readonly PostMessage.Validator Texts = new();

    public static Task<MessagePayload> PostMessageAsync(
        PostMessageInput input, [GlobalState] Caller caller, RoomCommands rooms, ReadSnapshot snapshot,
        MessageReader messages, TimeProvider clock, CancellationToken ct) =>
        CommandGate.SignedInAsync(caller, async session =>
        {
            PostMessage Post(Guid messageId) => new(messageId, session.Account.Actor, input.Text);
            var errors = Texts.Check(Post(Guid.Empty));
            if (errors.Count > 0)
                return MessagePayload.Failed(errors);
            // The message takes the id of its event: a repeated command means the same message.
            var outcome = await rooms.RunAsync(
                new Command("postMessage", input.CommandId, input), session, caller, input.RoomId,
                room => Post(Guid.Empty).RestsOn(room),
                (room, eventId) => Post(eventId).Decide(room, replyTo: null, threadRoot: null, clock.GetUtcNow()), ct);
            if (outcome.Refusal is { } refusal)
                return CommandGate.Refused<MessagePayload>(refusal);
            await snapshot.RenewAsync();
            var message = (await messages.FindAsync([new MessageKey(outcome.FirstEventId, Floor: 0)], ct)).Single();
            return new MessagePayload(MessageView.From(message), outcome.Position, []);
        }, ct, RateLimits.Posts, input.RoomId);
}
