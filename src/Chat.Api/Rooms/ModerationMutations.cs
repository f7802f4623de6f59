using Chat.Api.Accounts;
using Chat.Api.Commands;
using Chat.Domain.Rooms;
using Chat.Projections.Accounts;

namespace Chat.Api.Rooms;

/// <summary>What moderators do to members.</summary>
[MutationType]
internal static class ModerationMutations
{
    private static readonly KickMember.Validator Kicks = new();
    private static readonly BanMember.Validator Bans = new();
    private static readonly MuteMember.Validator Mutes = new();

    [GraphQLDescription("Puts a member out, or takes an invitation back; nothing keeps them from coming again.")]
    public static Task<RoomPayload> KickMemberAsync(
        KickMemberInput input, [GlobalState] Caller caller, RoomResults results, TimeProvider clock,
        CancellationToken ct) => CommandGate.SignedInAsync(caller, async session =>
        {
            var kick = new KickMember(session.Account.Actor, input.UserId, input.Reason);
            var errors = Kicks.Check(kick);
            if (errors.Count > 0)
                return RoomPayload.Failed(errors);
            return await results.RunAsync(
                new Command("kickMember", input.CommandId, input), session, caller, input.RoomId,
                _ => kick.RestsOn, room => kick.Decide(room, clock.GetUtcNow()), ct);
        }, ct);

    [GraphQLDescription("Puts somebody out until the ban is lifted, also before they came.")]
    public static Task<RoomPayload> BanMemberAsync(
        BanMemberInput input, [GlobalState] Caller caller, RoomResults results, AccountReader accounts,
        TimeProvider clock, CancellationToken ct) => CommandGate.SignedInAsync(caller, async session =>
        {
            var ban = new BanMember(session.Account.Actor, input.UserId, input.Reason);
            var errors = Bans.Check(ban);
            if (errors.Count > 0)
                return RoomPayload.Failed(errors);
            var banned = await accounts.FactAsync(input.UserId, ct);
            return await results.RunAsync(
                new Command("banMember", input.CommandId, input), session, caller, input.RoomId,
                _ => ban.RestsOn, room => ban.Decide(room, banned, clock.GetUtcNow()), ct);
        }, ct);

    public static Task<RoomPayload> UnbanMemberAsync(
        UnbanMemberInput input, [GlobalState] Caller caller, RoomResults results, TimeProvider clock,
        CancellationToken ct) => CommandGate.SignedInAsync(caller, session =>
        {
            var unban = new UnbanMember(session.Account.Actor, input.UserId);
            return results.RunAsync(
                new Command("unbanMember", input.CommandId, input), session, caller, input.RoomId,
                _ => unban.RestsOn, room => unban.Decide(room, clock.GetUtcNow()), ct);
        }, ct);

    [GraphQLDescription("Lets a member only read for a time; 0 seconds end that.")]
    public static Task<RoomPayload> MuteMemberAsync(
        MuteMemberInput input, [GlobalState] Caller caller, RoomResults results, TimeProvider clock,
        CancellationToken ct) => CommandGate.SignedInAsync(caller, async session =>
        {
            var mute = new MuteMember(session.Account.Actor, input.UserId, input.Seconds, input.Reason);
            var errors = Mutes.Check(mute);
            if (errors.Count > 0)
                return RoomPayload.Failed(errors);
            return await results.RunAsync(
                new Command("muteMember", input.CommandId, input), session, caller, input.RoomId,
                _ => mute.RestsOn, room => mute.Decide(room, clock.GetUtcNow()), ct);
        }, ct);
}
