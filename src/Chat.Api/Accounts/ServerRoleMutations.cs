using Chat.Api.Commands;
using Chat.Domain;
using Chat.Domain.Accounts;

namespace Chat.Api.Accounts;

public sealed record SetServerRoleInput(Guid? CommandId, Guid UserId, ServerRole Role);

[MutationType]
internal static class ServerRoleMutations
{
    [GraphQLDescription("OWNER appoints ADMIN and AUDITOR, and takes roles (MEMBER); ADMIN appoints ADMIN.")]
    public static Task<UserPayload> SetServerRoleAsync(
        SetServerRoleInput input, [GlobalState] Caller caller, AccountLog accounts, UserResults results,
        CancellationToken ct) => CommandGate.SignedInAsync(caller, async session =>
        {
            // From the log: a role that was just taken allows nothing any more.
            if (await accounts.FindAsync(session.Account.Id, ct) is not { } appointer)
                return CommandGate.Refused<UserPayload>(Refusal.Unauthenticated);
            var set = new SetServerRole(appointer.Actor, input.Role);
            var outcome = await accounts.RunAsync(
                new Command("setServerRole", input.CommandId, input), session, caller, input.UserId, set.Decide, ct);
            return await results.UserAsync(outcome.Refusal, input.UserId, ct);
        }, ct);
}
