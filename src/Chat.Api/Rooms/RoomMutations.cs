using Chat.Api.Accounts;
using Chat.Api.Commands;
using Chat.Api.Hosting;
using Chat.Api.Limits;
using Chat.Domain.Rooms;
using Chat.Projections;

namespace Chat.Api.Rooms;

public sealed record CreateRoomInput(
    Guid? CommandId, string Name, string? Topic, RoomVisibility Visibility = RoomVisibility.Public,
    bool Encrypted = false);

public sealed record JoinRoomInput(Guid? CommandId, Guid RoomId);

public sealed record LeaveRoomInput(Guid? CommandId, Guid RoomId);

public sealed record RoomPayload(RoomView? Room, long? Position, IReadOnlyList<CommandError> Errors)
    : ICommandPayload<RoomPayload>
{
    public static RoomPayload Failed(IReadOnlyList<CommandError> errors) => new(null, null, errors);
}

[MutationType]
internal static class RoomMutations
{
    private static readonly CreateRoom.Validator NewRooms = new();

    public static Task<RoomPayload> CreateRoomAsync(
        CreateRoomInput input, [GlobalState] Caller caller, RoomCommands rooms, RoomResults results,
        ChatOptions options, CancellationToken ct) => CommandGate.SignedInAsync(caller, async session =>
        {
            CreateRoom Create(Guid roomId) =>
                new(roomId, input.Name.Trim(), input.Topic?.Trim() ?? "", input.Visibility, input.Encrypted);
            var errors = NewRooms.Check(Create(Guid.Empty));
            if (errors.Count > 0)
                return RoomPayload.Failed(errors);
            var outcome = await rooms.CreateAsync(
                new Command("createRoom", input.CommandId, input), session, caller,
                roomId => Create(roomId).Decide(session.Account.Actor, options.GuestsCreateRooms), ct);
            return await results.RoomAsync(outcome, session, ct);
        }, ct);

    public static Task<RoomPayload> JoinRoomAsync(
        JoinRoomInput input, [GlobalState] Caller caller, RoomCommands rooms, RoomResults results,
        CancellationToken ct) => CommandGate.SignedInAsync(caller, async session =>
        {
            var join = new JoinRoom(session.Account.Actor);
            var outcome = await rooms.RunAsync(
                new Command("joinRoom", input.CommandId, input), session, caller, input.RoomId,
                _ => join.RestsOn, (room, _) => join.Decide(room), ct);
            return await results.RoomAsync(outcome, session, ct);
        }, ct, RateLimits.Joins);

    public static Task<RoomPayload> LeaveRoomAsync(
        LeaveRoomInput input, [GlobalState] Caller caller, RoomCommands rooms, RoomResults results,
        CancellationToken ct) => CommandGate.SignedInAsync(caller, async session =>
        {
            var leave = new LeaveRoom(session.Account.Actor);
            var outcome = await rooms.RunAsync(
                new Command("leaveRoom", input.CommandId, input), session, caller, input.RoomId,
                leave.RestsOn, (room, _) => leave.Decide(room), ct);
            return await results.RoomAsync(outcome, session, ct);
        }, ct);
}

/// <summary>Turns what became of a command into its payload.</summary>
internal sealed class RoomResults(ReadSnapshot snapshot, RoomAccess access)
{
    public async Task<RoomPayload> RoomAsync(RoomOutcome outcome, Session session, CancellationToken ct)
    {
        if (outcome.Refusal is { } refusal)
            return CommandGate.Refused<RoomPayload>(refusal);
        await snapshot.RenewAsync();
        // A room that its last member just left may be hidden from them now.
        var room = await access.FindAsync(outcome.RoomId, session.Account.Id, ct);
        return new RoomPayload(room is null ? null : RoomView.From(room.Room), outcome.Position, []);
    }
}
