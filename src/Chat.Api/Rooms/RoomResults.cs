using Chat.Api.Accounts;
using Chat.Api.Commands;
using Chat.Domain;
using Chat.Domain.Rooms;
using Chat.Projections;

namespace Chat.Api.Rooms;

public sealed record RoomPayload(RoomView? Room, long? Position, IReadOnlyList<CommandError> Errors)
    : ICommandPayload<RoomPayload>
{
    public static RoomPayload Failed(IReadOnlyList<CommandError> errors) => new(null, null, errors);
}

/// <summary>Runs commands on rooms and turns what became of them into payloads.</summary>
internal sealed class RoomResults(RoomCommands rooms, ReadSnapshot snapshot, RoomAccess access)
{
    /// <summary>A command on a room that is there.</summary>
    public async Task<RoomPayload> RunAsync(
        Command command, Session session, Caller caller, Guid roomId, Func<Room, IReadOnlyList<string>> restsOn,
        Func<Room, Decision<RoomEvent>> decide, CancellationToken ct)
    {
        await ReleaseAsync();
        var outcome = await rooms.RunAsync(
            command, session, caller, roomId, restsOn, (room, _) => decide(room), ct);
        return await RoomAsync(outcome, session, ct);
    }

    /// <summary>
    /// Gives back the connection of what was looked up before: the command's path may need one (docs/adr/0005).
    /// </summary>
    public Task ReleaseAsync() => snapshot.RenewAsync();

    public async Task<RoomPayload> RoomAsync(RoomOutcome outcome, Session session, CancellationToken ct)
    {
        if (outcome.Refusal is { } refusal)
            return CommandGate.Refused<RoomPayload>(refusal);
        await snapshot.RenewAsync();
        // A room that its last member just left may be hidden from them now.
        var room = await access.FindAsync(outcome.RoomId, session.Account.Actor, ct);
        return new RoomPayload(room is null ? null : RoomView.From(room.Room), outcome.Position, []);
    }
}
