using Chat.Api.Accounts;
using Chat.Api.Commands;
using Chat.Api.Realtime;
using Chat.Api.Rooms;
using Chat.Domain;
using Chat.Domain.Rooms;
using Chat.Projections;
using Chat.Projections.Rooms;

namespace Chat.Api.Messages;

public sealed record MarkReadInput(Guid RoomId, long Position);

[MutationType]
internal static class MarkReadMutation
{
    private static readonly Refusal NoSuchPosition =
        new("INVALID_INPUT", "position must be one of the room's: at least 0, at most that of its newest event.")
        {
            Field = "position",
        };

    [GraphQLDescription("Everything up to the position is read. The marker never moves backwards.")]
    public static Task<MembershipPayload> MarkReadAsync(
        MarkReadInput input, [GlobalState] Caller caller, RoomAccess access, MemberState state, UnreadReader unread,
        ReadSnapshot snapshot, ReadMarkers markers,
        CancellationToken ct) => CommandGate.SignedInAsync(caller, async session =>
        {
            var actor = session.Account.Actor;
            var room = await access.FindAsync(input.RoomId, actor, ct);
            if (room?.Membership is not { } membership)
                return CommandGate.Refused<MembershipPayload>(room?.NoMembership ?? Refusal.NotFound);
            if (input.Position < 0 || input.Position > room.Room.Position)
                return CommandGate.Refused<MembershipPayload>(NoSuchPosition);
            await state.MarkReadAsync(actor.Id, input.RoomId, input.Position, ct);
            // The answer shows what was written.
            await snapshot.RenewAsync();
            if (await unread.OfMembersAsync([(actor.Id, input.RoomId)], ct) is not [var now])
                return CommandGate.Refused<MembershipPayload>(Room.NotMember);
            markers.Tell(actor.Id, new ReadMarkerMoved(input.RoomId, now.LastRead, now.Unread, now.Mentions));
            return new MembershipPayload(new Membership(RoomView.From(room.Room), membership), []);
        }, ct);
}
