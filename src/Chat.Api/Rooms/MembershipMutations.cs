using Chat.Api.Accounts;
using Chat.Api.Commands;
using Chat.Api.Limits;
using Chat.Domain.Rooms;
using Chat.Projections.Accounts;

namespace Chat.Api.Rooms;

/// <summary>Who comes, who goes, and as what.</summary>
[MutationType]
internal static class MembershipMutations
{
    public static Task<RoomPayload> JoinRoomAsync(
        JoinRoomInput input, [GlobalState] Caller caller, RoomResults results, CancellationToken ct) =>
        CommandGate.SignedInAsync(caller, session =>
        {
            var join = new JoinRoom(session.Account.Actor);
            return results.RunAsync(
                new Command("joinRoom", input.CommandId, input), session, caller, input.RoomId,
                _ => join.RestsOn, join.Decide, ct);
        }, ct, RateLimits.Joins);

    [GraphQLDescription("Leaves a room, or declines the invitation to it.")]
    public static Task<RoomPayload> LeaveRoomAsync(
        LeaveRoomInput input, [GlobalState] Caller caller, RoomResults results, CancellationToken ct) =>
        CommandGate.SignedInAsync(caller, session =>
        {
            var leave = new LeaveRoom(session.Account.Actor);
            return results.RunAsync(
                new Command("leaveRoom", input.CommandId, input), session, caller, input.RoomId,
                leave.RestsOn, leave.Decide, ct);
        }, ct);

    public static Task<RoomPayload> InviteMemberAsync(
        InviteMemberInput input, [GlobalState] Caller caller, RoomResults results, PeopleAccess people,
        TimeProvider clock, CancellationToken ct) => CommandGate.SignedInAsync(caller, async session =>
        {
            var invite = new InviteMember(session.Account.Actor, input.UserId);
            var invited = (await people.FindAsync(input.UserId, session.Account.Actor, ct))?.ToFact();
            return await results.RunAsync(
                new Command("inviteMember", input.CommandId, input), session, caller, input.RoomId,
                _ => invite.RestsOn, room => invite.Decide(room, invited, clock.GetUtcNow()), ct);
        }, ct);

    [GraphQLDescription("Gives or takes a role; OWNER hands the room over, and the former owner stays as ADMIN.")]
    public static Task<RoomPayload> SetMemberRoleAsync(
        SetMemberRoleInput input, [GlobalState] Caller caller, RoomResults results, AccountReader accounts,
        TimeProvider clock, CancellationToken ct) => CommandGate.SignedInAsync(caller, async session =>
        {
            var set = new SetMemberRole(session.Account.Actor, input.UserId, input.Role);
            var isGuest = (await accounts.FactAsync(input.UserId, ct))?.IsGuest ?? false;
            return await results.RunAsync(
                new Command("setMemberRole", input.CommandId, input), session, caller, input.RoomId,
                _ => set.RestsOn, room => set.Decide(room, isGuest, clock.GetUtcNow()), ct);
        }, ct);
}
