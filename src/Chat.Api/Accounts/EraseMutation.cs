using Chat.Api.Commands;
using Chat.Api.Limits;
using Chat.Domain.Accounts;

namespace Chat.Api.Accounts;

public sealed record EraseAccountInput(string Password);

[MutationType]
internal static class EraseMutation
{
    [GraphQLDescription(
        "Erases the viewer for good: all sessions end, the rooms are left, and what the viewer wrote cannot be read "
        + "any more. Guests give no password.")]
    public static Task<CommandPayload> EraseAccountAsync(
        EraseAccountInput input, [GlobalState] Caller caller, AccountLog accounts, PasswordProof proof,
        Sessions sessions, Erasures erasures, CancellationToken ct) =>
        CommandGate.SignedInAsync(caller, async session =>
        {
            var id = session.Account.Id;
            var metadata = AccountLog.Own(id, "eraseAccount", caller, session);
            var outcome = await accounts.RunAsync(
                new AccountChange(id, metadata, async (account, ct) =>
                {
                    var matches = account?.IsGuest == false && await proof.MatchesAsync(id, input.Password, ct);
                    return account is null ? Account.NotFound : new EraseAccount(matches).Decide(account);
                })
                {
                    Alongside = () => erasures.Begin(id),
                }, ct);
            if (outcome.Refusal is not null)
                return CommandGate.DoneOrRefused(outcome.Refusal);
            sessions.Forget(session.Id);
            await erasures.CompleteAsync(id, ct);
            caller.End();
            return CommandPayload.Done;
        }, ct, RateLimits.PasswordProofs);
}
