using Chat.Api.Accounts;
using Chat.Api.Commands;
using Chat.Api.Rooms;
using Chat.Domain;
using Chat.Domain.Messages;
using Chat.Domain.Rooms;

namespace Chat.Api.Messages;

/// <summary>
/// The path of commands on messages: that of every command on a room, with the facts that they rest on beside the
/// room's state. The append's condition counts from the older of the two.
/// </summary>
internal sealed class MessageCommands(RoomCommands rooms, MessageFactsSource source)
{
    public async Task<RoomOutcome> PostAsync(
        Command command, Session session, Caller caller, Guid roomId, PostMessage post,
        Func<Room, MessageFacts?, PostMessage, Decision<RoomEvent>> decide, CancellationToken ct)
    {
        Guid[] named = [.. new[] { post.ReplyToId, post.ThreadRootId }.OfType<Guid>().Distinct()];
        var facts = named.Length == 0 ? null : await source.NamedAsync(roomId, named, ct);
        return await rooms.RunAsync(
            command, session, caller, roomId,
            async (state, eventId) =>
            {
                facts = facts is null ? null : await source.ForwardAsync(facts, state.Version, ct);
                // The message takes the id of its event: a repeated command means the same message.
                var decision = decide(state.Room, facts, post with { MessageId = eventId });
                return Choice(state, facts, decision, post.RestsOn(state.Room));
            },
            ct);
    }

    /// <summary>A command on a message that is there; with its reactions where it is about those.</summary>
    public async Task<RoomOutcome> RunAsync(
        Command command, Session session, Caller caller, Guid messageId, bool withReactions,
        Func<MessageFacts, IReadOnlyList<string>> restsOn, Func<Room, MessageFacts, Decision<RoomEvent>> decide,
        CancellationToken ct)
    {
        var facts = await source.FindAsync(messageId, withReactions ? session.Account.Id : null, ct);
        if (facts is null)
            return await rooms.RefuseAsync(command, session, caller, Refusal.NotFound, ct);
        return await rooms.RunAsync(
            command, session, caller, facts.RoomId,
            async (state, _) =>
            {
                facts = await source.ForwardAsync(facts, state.Version, ct);
                return Choice(state, facts, decide(state.Room, facts), restsOn(facts));
            },
            ct);
    }

    private static RoomChoice Choice(
        RoomState state, MessageFacts? facts, Decision<RoomEvent> decision, IReadOnlyList<string> restsOn) =>
        new(decision, Math.Min(state.Version, facts?.Version ?? long.MaxValue), restsOn);
}
