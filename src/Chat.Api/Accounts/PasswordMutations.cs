using Chat.Api.Commands;
using Chat.Api.Limits;
using Chat.Domain;
using Chat.Domain.Accounts;
using FluentValidation;

namespace Chat.Api.Accounts;

public sealed record ChangePasswordInput(string CurrentPassword, string NewPassword)
{
    internal sealed class Validator : AbstractValidator<ChangePasswordInput>
    {
        public Validator() => RuleFor(input => input.NewPassword).NewPassword();
    }
}

[MutationType]
internal static class PasswordMutations
{
    private static readonly ChangePasswordInput.Validator Changes = new();
    private static readonly PasswordReset.Validator Resets = new();
    private static readonly MailedAddress.Validator Addresses = new();

    [GraphQLDescription("Ends all other sessions.")]
    public static Task<CommandPayload> ChangePasswordAsync(
        ChangePasswordInput input, [GlobalState] Caller caller, AccountLog accounts, Credentials credentials,
        PasswordProof proof, PasswordHashes passwords, SessionRows sessions, CancellationToken ct) =>
        CommandGate.SignedInAsync(caller, async session =>
        {
            var errors = Changes.Check(input);
            if (errors.Count > 0)
                return CommandPayload.Failed(errors);
            var id = session.Account.Id;
            var newHash = "";
            var outcome = await accounts.RunAsync(
                new AccountChange(id, AccountLog.Own(id, "changePassword", caller, session), async (account, ct) =>
                {
                    var matches = await proof.MatchesAsync(id, input.CurrentPassword, ct);
                    if (matches)
                        newHash = await passwords.HashAsync(input.NewPassword, ct);
                    return account is null ? Account.NotFound : new ChangePassword(matches).Decide(account);
                })
                {
                    Alongside = () =>
                    [
                        credentials.SetPassword(id, newHash),
                        sessions.EndAll(id, except: session.Id),
                        MailTokens.Drop(id, MailTokenKind.Reset),
                    ],
                }, ct);
            return CommandGate.DoneOrRefused(outcome.Refusal);
        }, ct, RateLimits.PasswordProofs);

    [GraphQLDescription("Sends a mail with a link, if there is an account; the answer is the same if there is none.")]
    public static Task<CommandPayload> RequestPasswordResetAsync(
        string email, [GlobalState] Caller caller, AccountMails mails, CancellationToken ct) =>
        CommandGate.AnyoneAsync(caller, async () =>
        {
            var errors = Addresses.Check(new MailedAddress(email.Trim()));
            if (errors.Count > 0)
                return CommandPayload.Failed(errors);
            if (await caller.Limits.TakeAsync(RateLimits.MailRequests, caller.AddressKey, ct) is { } refusal)
                return CommandGate.Refused<CommandPayload>(refusal);
            mails.ResetPassword(email.Trim());
            return CommandPayload.Done;
        });

    [GraphQLDescription("A new password, by the link of a mail. Ends all sessions.")]
    public static Task<CommandPayload> ResetPasswordAsync(
        string token, string newPassword, [GlobalState] Caller caller, AccountLog accounts, Credentials credentials,
        MailTokens tokens, PasswordHashes passwords, SessionRows sessions, TimeProvider clock, CancellationToken ct) =>
        CommandGate.AnyoneAsync(caller, async () =>
        {
            var errors = Resets.Check(new PasswordReset(newPassword));
            if (errors.Count > 0)
                return CommandPayload.Failed(errors);
            if (await tokens.FindAsync(MailTokenKind.Reset, token, ct) is not { } found)
                return CommandGate.Refused<CommandPayload>(MailToken.Invalid);
            var id = found.AccountId;
            var newHash = await passwords.HashAsync(newPassword, ct);
            var outcome = await accounts.RunAsync(
                new AccountChange(id, AccountLog.Own(id, "resetPassword", caller), async (account, ct) =>
                    new ResetPassword(await tokens.ForAsync(found, account, ct)).Decide(account, clock.GetUtcNow()))
                {
                    // A token is used once: of two who use it at once, the second one finds the first one's event.
                    FirstEventId = NameBasedId.Of(id, found.Hash),
                    Alongside = () =>
                    [
                        credentials.SetPassword(id, newHash),
                        sessions.EndAll(id),
                        MailTokens.Drop(id, MailTokenKind.Reset),
                    ],
                }, ct);
            return CommandGate.DoneOrRefused(outcome.IsRepeated ? MailToken.Invalid : outcome.Refusal);
        });

    private sealed record PasswordReset(string NewPassword)
    {
        internal sealed class Validator : AbstractValidator<PasswordReset>
        {
            public Validator() => RuleFor(reset => reset.NewPassword).NewPassword();
        }
    }

    private sealed record MailedAddress(string Email)
    {
        internal sealed class Validator : AbstractValidator<MailedAddress>
        {
            public Validator() => RuleFor(address => address.Email).Email();
        }
    }
}

/// <summary>Whether a password that somebody gives again is theirs.</summary>
internal sealed class PasswordProof(Credentials credentials, PasswordHashes passwords)
{
    public async Task<bool> MatchesAsync(Guid accountId, string password, CancellationToken ct)
    {
        if (password.Length > Password.BytesMax)
            return false;
        var credential = await credentials.FindAsync(accountId, ct);
        return (await passwords.CheckAsync(credential?.PasswordHash, password, ct)).Matches;
    }
}
