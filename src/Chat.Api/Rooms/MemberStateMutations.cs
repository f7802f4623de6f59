using Chat.Api.Accounts;
using Chat.Api.Commands;
using Chat.Domain;
using Chat.Projections;
using Chat.Projections.Rooms;

namespace Chat.Api.Rooms;

public sealed record SetNotifyLevelInput(Guid RoomId, NotifyLevel Level);

public sealed record MembershipPayload(Membership? Membership, IReadOnlyList<CommandError> Errors)
    : ICommandPayload<MembershipPayload>
{
    public static MembershipPayload Failed(IReadOnlyList<CommandError> errors) => new(null, errors);
}

/// <summary>What members set for themselves: state, and no event of the room.</summary>
[MutationType]
internal static class MemberStateMutations
{
    public static Task<MembershipPayload> SetNotifyLevelAsync(
        SetNotifyLevelInput input, [GlobalState] Caller caller, RoomAccess access, MemberState state,
        ReadSnapshot snapshot, CancellationToken ct) => CommandGate.SignedInAsync(caller, async session =>
        {
            var actor = session.Account.Actor;
            var room = await access.FindAsync(input.RoomId, actor, ct);
            if (room?.Membership is not { } membership)
                return CommandGate.Refused<MembershipPayload>(room?.NoMembership ?? Refusal.NotFound);
            await state.SetNotifyLevelAsync(actor.Id, input.RoomId, input.Level, ct);
            // The answer shows what was written.
            await snapshot.RenewAsync();
            return new MembershipPayload(new Membership(RoomView.From(room.Room), membership), []);
        }, ct);
}
