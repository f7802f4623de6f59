using System.Runtime.CompilerServices;
using Chat.Api.Accounts;
using Chat.Api.Commands;
using Chat.Api.Limits;
using Chat.Api.Rooms;
using Chat.Domain;

namespace Chat.Api.Realtime;

public sealed record SetTypingInput(Guid RoomId, bool Typing);

[MutationType]
internal static class TypingMutation
{
    [GraphQLDescription("Ends by itself after 6 seconds and with a post; a client says it again while it goes on.")]
    public static Task<CommandPayload> SetTypingAsync(
        SetTypingInput input, [GlobalState] Caller caller, RoomStates rooms, TypingRooms typing, TimeProvider clock,
        CancellationToken ct) => CommandGate.SignedInAsync(caller, async session =>
        {
            var (state, fresh) = await rooms.LoadAsync(input.RoomId, ct);
            var refusal = Refuse(state);
            // Who is refused may have joined on another node a moment ago.
            if (refusal is not null && !fresh)
                refusal = Refuse(await rooms.FreshAsync(input.RoomId, ct));
            if (refusal is not null)
                return CommandGate.Refused<CommandPayload>(refusal);
            typing.Set(input.RoomId, session.Account.Id, input.Typing);
            return CommandPayload.Done;

            Refusal? Refuse(RoomState? known) => known is null
                ? Refusal.NotFound
                : known.Room.Refuse(Permission.Post, session.Account.Actor, clock.GetUtcNow());
        }, ct, RateLimits.Typing, input.RoomId);
}

[SubscriptionType]
internal static class TypingSubscription
{
    public static async IAsyncEnumerable<TypingSignal> SubscribeToTyping(
        Guid roomId, [GlobalState] Caller caller, RoomSignalStream signals, TypingRooms typing,
        [EnumeratorCancellation] CancellationToken ct)
    {
        var actor = (await caller.RequireSessionAsync(ct)).Account.Actor;
        await foreach (var signal in signals.ReadAsync(
            typing.Watchers, roomId, actor, _ => Task.FromResult(typing.In(roomId, exceptId: actor.Id)), ct))
            yield return signal;
    }

    public static Guid RoomOf(Guid roomId) => roomId;

    [Subscribe(With = nameof(SubscribeToTyping), IsShared = true, VisibilityKey = nameof(RoomOf))]
    [GraphQLDescription(
        "Who types in a room, oneself excepted: first those who do so now, then who begins and who ends. For members.")]
    public static TypingSignal Typing([EventMessage] TypingSignal signal) => signal;
}
