using System.Runtime.CompilerServices;
using Chat.Api.Accounts;
using Chat.Api.Commands;
using Chat.Projections.Rooms;

namespace Chat.Api.Realtime;

public sealed record SetPresenceInput(Presence Presence);

[MutationType]
internal static class PresenceMutation
{
    public static readonly CommandError NotOffline = new(
        "INVALID_INPUT", "presence must be ONLINE or AWAY: who closes the last socket is OFFLINE.", "presence");

    [GraphQLDescription("ONLINE or AWAY, by the client's activity; it holds for the sockets of the caller's session.")]
    public static Task<CommandPayload> SetPresenceAsync(
        SetPresenceInput input, [GlobalState] Caller caller, PresenceRegister register, CancellationToken ct) =>
        CommandGate.SignedInAsync(caller, session =>
        {
            if (input.Presence == Presence.Offline)
                return Task.FromResult(CommandPayload.Failed([NotOffline]));
            register.Set(session.Account.Id, session.Id, isAway: input.Presence == Presence.Away);
            return Task.FromResult(CommandPayload.Done);
        }, ct);
}

[SubscriptionType]
internal static class PresenceSubscription
{
    public static async IAsyncEnumerable<PresenceSignal> SubscribeToPresence(
        Guid roomId, [GlobalState] Caller caller, RoomSignalStream signals, PresenceDelivery delivery,
        PresenceRegister register, [EnumeratorCancellation] CancellationToken ct)
    {
        var actor = (await caller.RequireSessionAsync(ct)).Account.Actor;
        await foreach (var signal in signals.ReadAsync<PresenceSignal>(
            delivery.Watchers, roomId, actor, async snapshot =>
            {
                var members = await new CompanionReader(snapshot).InAsync(roomId, ct);
                return register.Among(members.Where(member => member != actor.Id));
            }, ct))
            yield return signal;
    }

    public static Guid RoomOf(Guid roomId) => roomId;

    [Subscribe(With = nameof(SubscribeToPresence), IsShared = true, VisibilityKey = nameof(RoomOf))]
    [GraphQLDescription(
        "Who is there in a room, oneself excepted: first all who are not OFFLINE, then who comes and goes. "
        + "For members.")]
    public static PresenceSignal Presence([EventMessage] PresenceSignal signal) => signal;
}

/// <summary>Whether who asks may see a presence: their own, and that of those they share a room with.</summary>
internal sealed class CompanionLoader(MemberReader members)
    : BatchDataLoader<(Caller Viewer, Guid AccountId), PresenceShared>
{
    protected override async Task<IReadOnlyDictionary<(Caller Viewer, Guid AccountId), PresenceShared>> LoadBatchAsync(
        IReadOnlyList<(Caller Viewer, Guid AccountId)> keys, CancellationToken ct)
    {
        var sessions = await keys.Select(key => key.Viewer).SessionsAsync(ct);
        var pairs = keys.Where(key => sessions.ContainsKey(key.Viewer))
            .ToDictionary(key => key, key => (Own: sessions[key.Viewer].Account.Id, Other: key.AccountId));
        var others = pairs.Values.Where(pair => pair.Own != pair.Other).Distinct().ToList();
        var sharing = others.Count == 0 ? [] : (await members.SharingRoomAsync(others, ct)).ToHashSet();
        return pairs.Where(one => one.Value.Own == one.Value.Other || sharing.Contains(one.Value))
            .ToDictionary(one => one.Key, _ => PresenceShared.Yes);
    }
}

internal sealed class PresenceShared
{
    public static readonly PresenceShared Yes = new();
}

[ObjectType<User>]
internal static class UserPresence
{
    [GraphQLDescription("Null where it is not shared: people see it who are in a room with them.")]
    public static async Task<Presence?> PresenceAsync(
        [Parent] User user, [GlobalState] Caller caller, CompanionLoader companions, PresenceRegister register,
        CancellationToken ct) =>
        await companions.LoadAsync((caller, user.Id), ct) is null ? null : register.Of(user.Id);
}
