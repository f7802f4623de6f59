using Chat.Api.Accounts;
using Chat.Api.Commands;
using Chat.Api.Rooms;
using Chat.Domain;
using Chat.Domain.Messages;
using Chat.Domain.Rooms;
using Chat.Projections;

namespace Chat.Api.Messages;

public sealed record MessagePayload(MessageView? Message, long? Position, IReadOnlyList<CommandError> Errors)
    : ICommandPayload<MessagePayload>
{
    public static MessagePayload Failed(IReadOnlyList<CommandError> errors) => new(null, null, errors);
}

/// <summary>Runs commands on messages and turns what became of them into payloads.</summary>
internal sealed class MessageResults(MessageCommands commands, MessageAccess access, ReadSnapshot snapshot)
{
    public Task<MessagePayload> RunAsync(
        Command command, Session session, Caller caller, Guid messageId,
        Func<MessageFacts, IReadOnlyList<string>> restsOn, Func<Room, Message?, Decision<RoomEvent>> decide,
        CancellationToken ct) =>
        RunAsync(
            command, session, caller, messageId, withReactions: false, restsOn,
            (room, facts) => decide(room, facts[messageId]), ct);

    public Task<MessagePayload> RunWithReactionsAsync(
        Command command, Session session, Caller caller, Guid messageId, IReadOnlyList<string> restsOn,
        Func<Room, Message?, Reactions, Decision<RoomEvent>> decide, CancellationToken ct) =>
        RunAsync(
            command, session, caller, messageId, withReactions: true, _ => restsOn,
            (room, facts) => decide(room, facts[messageId], facts.Reactions!), ct);

    public async Task<MessagePayload> MessageAsync(
        RoomOutcome outcome, Guid messageId, Session session, CancellationToken ct)
    {
        if (outcome.Refusal is { } refusal)
            return CommandGate.Refused<MessagePayload>(refusal);
        await snapshot.RenewAsync();
        // A post that was just written is known without a look.
        if (outcome.Appended is { Events: [MessagePosted posted] } appended)
        {
            var moment = new Moment(outcome.Position, appended.At);
            var message = MessageView.New(posted, outcome.RoomId, moment, appended.LastSequence);
            return new MessagePayload(message, outcome.Position, []);
        }

        // A repeated command gets its position; the message only while its sender may still read it.
        var found = await access.FindAsync(messageId, session.Account.Actor, ct);
        return new MessagePayload(found is null ? null : MessageView.From(found.Row), outcome.Position, []);
    }

    private async Task<MessagePayload> RunAsync(
        Command command, Session session, Caller caller, Guid messageId, bool withReactions,
        Func<MessageFacts, IReadOnlyList<string>> restsOn, Func<Room, MessageFacts, Decision<RoomEvent>> decide,
        CancellationToken ct)
    {
        var outcome = await commands.RunAsync(
            command, session, caller, messageId, withReactions, restsOn, decide, ct);
        return await MessageAsync(outcome, messageId, session, ct);
    }
}
