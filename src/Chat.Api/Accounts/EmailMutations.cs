using Chat.Api.Commands;
using Chat.Api.Limits;
using Chat.Domain.Accounts;

namespace Chat.Api.Accounts;

public sealed record ChangeEmailInput(string Email, string Password);

[MutationType]
internal static class EmailMutations
{
    private static readonly ChangeEmail.Validator Addresses = new();

    [GraphQLDescription("Signs in with another address from now on. A mail with a link verifies it.")]
    public static Task<CommandPayload> ChangeEmailAsync(
        ChangeEmailInput input, [GlobalState] Caller caller, AccountLog accounts, ServerSecrets secrets,
        PasswordProof proof, AccountMails mails, CancellationToken ct) =>
        CommandGate.SignedInAsync(caller, async session =>
        {
            var email = input.Email.Trim();
            var errors = Addresses.Check(new ChangeEmail(email, PasswordMatches: false));
            if (errors.Count > 0)
                return CommandPayload.Failed(errors);
            var id = session.Account.Id;
            var hmac = await secrets.EmailHmacAsync(email, ct);
            var outcome = await accounts.RunAsync(
                new AccountChange(id, AccountLog.Own(id, "changeEmail", caller, session), async (account, ct) =>
                    account is null
                        ? Account.NotFound
                        : new ChangeEmail(email, await proof.MatchesAsync(id, input.Password, ct)).Decide(account))
                {
                    Alongside = () =>
                    [
                        Credentials.FreeEmail(id),
                        Credentials.TakeEmail(id, hmac),
                        // Links that went to the old address must not work for the new one, nor come back with it.
                        MailTokens.Drop(id, MailTokenKind.Verification, MailTokenKind.Reset),
                    ],
                    WhenTaken = _ => RegisterAccount.EmailTaken,
                }, ct);
            if (outcome.Refusal is null)
                mails.Verify(id);
            return CommandGate.DoneOrRefused(outcome.Refusal);
        }, ct, RateLimits.PasswordProofs);

    [GraphQLDescription("Sends the mail that verifies the viewer's address once more, at most one a minute.")]
    public static Task<CommandPayload> RequestEmailVerificationAsync(
        [GlobalState] Caller caller, AccountMails mails, CancellationToken ct) =>
        CommandGate.SignedInAsync(caller, session =>
        {
            mails.Verify(session.Account.Id);
            return Task.FromResult(CommandPayload.Done);
        }, ct);

    [GraphQLDescription("By the link of a mail: the address is the account's.")]
    public static Task<CommandPayload> VerifyEmailAsync(
        string token, [GlobalState] Caller caller, AccountLog accounts, MailTokens tokens, TimeProvider clock,
        CancellationToken ct) => CommandGate.AnyoneAsync(caller, async () =>
        {
            if (await tokens.FindAsync(MailTokenKind.Verification, token, ct) is not { } found)
                return CommandGate.Refused<CommandPayload>(MailToken.Invalid);
            var id = found.AccountId;
            // The token stays until it expires: mail servers open links before people do, and once more does no harm.
            var outcome = await accounts.RunAsync(
                new AccountChange(id, AccountLog.Own(id, "verifyEmail", caller), async (account, ct) =>
                    new VerifyEmail(await tokens.ForAsync(found, account, ct)).Decide(account, clock.GetUtcNow())),
                ct);
            return CommandGate.DoneOrRefused(outcome.Refusal);
        });
}
