using Chat.Api.Accounts;
using Chat.Api.Commands;
using Chat.Api.Hosting;
using Chat.Domain.Rooms;

namespace Chat.Api.Rooms;

/// <summary>What makes and changes rooms.</summary>
[MutationType]
internal static class RoomMutations
{
    private static readonly CreateRoom.Validator NewRooms = new();
    private static readonly UpdateRoom.Validator Updates = new();

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

    [GraphQLDescription("The conversation of two people: the same pair and kind of encryption gets the same room.")]
    public static Task<RoomPayload> OpenDirectAsync(
        OpenDirectInput input, [GlobalState] Caller caller, RoomCommands rooms, RoomResults results,
        PeopleAccess people, ChatOptions options, CancellationToken ct) =>
        CommandGate.SignedInAsync(caller, async session =>
        {
            var open = new OpenDirect(session.Account.Actor, input.UserId, input.Encrypted);
            var other = await people.FindAsync(input.UserId, session.Account.Actor, ct);
            await results.ReleaseAsync();
            var outcome = await rooms.OpenAsync(
                new Command("openDirect", input.CommandId, input), session, caller, open.RoomId,
                room => open.Decide(room, other?.ToFact(), options.GuestsCreateRooms), ct);
            return await results.RoomAsync(outcome, session, ct);
        }, ct);

    public static Task<RoomPayload> UpdateRoomAsync(
        UpdateRoomInput input, [GlobalState] Caller caller, RoomResults results, TimeProvider clock,
        CancellationToken ct) => CommandGate.SignedInAsync(caller, async session =>
        {
            var update = new UpdateRoom(session.Account.Actor)
            {
                Name = input.Name?.Trim(),
                Topic = input.Topic?.Trim(),
                Visibility = input.Visibility,
                Settings = input.Settings?.ToChange(),
            };
            var errors = Updates.Check(update);
            if (errors.Count > 0)
                return RoomPayload.Failed(errors);
            return await results.RunAsync(
                new Command("updateRoom", input.CommandId, input), session, caller, input.RoomId,
                _ => update.RestsOn, room => update.Decide(room, clock.GetUtcNow()), ct);
        }, ct);

    [GraphQLDescription("An archived room can be read, and opened again.")]
    public static Task<RoomPayload> ArchiveRoomAsync(
        ArchiveRoomInput input, [GlobalState] Caller caller, RoomResults results, TimeProvider clock,
        CancellationToken ct) => CommandGate.SignedInAsync(caller, async session =>
        {
            var archive = new ArchiveRoom(session.Account.Actor, input.Archived);
            return await results.RunAsync(
                new Command("archiveRoom", input.CommandId, input), session, caller, input.RoomId,
                _ => archive.RestsOn, room => archive.Decide(room, clock.GetUtcNow()), ct);
        }, ct);
}
