using Chat.Api.Commands;
using Chat.Api.Limits;
using Chat.Domain.Accounts;
using FluentValidation;

namespace Chat.Api.Accounts;

public sealed record RegisterInput(string Email, string Password, string DisplayName)
{
    internal sealed class Validator : AbstractValidator<RegisterInput>
    {
        public Validator() => RuleFor(input => input.Password).NewPassword();
    }
}

public sealed record EnterAsGuestInput(string DisplayName);

public sealed record UpgradeGuestInput(string Email, string Password, string? DisplayName)
{
    internal sealed class Validator : AbstractValidator<UpgradeGuestInput>
    {
        public Validator() => RuleFor(input => input.Password).NewPassword();
    }
}

/// <summary>Ways to become somebody: each ends in a session.</summary>
[MutationType]
internal static class EntryMutations
{
    private static readonly RegisterAccount.Validator Registrations = new();
    private static readonly RegisterInput.Validator Passwords = new();
    private static readonly EnterAsGuest.Validator Guests = new();
    private static readonly UpgradeGuest.Validator Upgrades = new();
    private static readonly UpgradeGuestInput.Validator UpgradePasswords = new();

    [GraphQLDescription(
        "Makes an account and signs in. The first account owns the server. A mail with a link verifies the address. "
        + "Sent again with the same password, within minutes, it signs in: the first answer may have been lost.")]
    public static Task<SessionPayload> RegisterAsync(
        RegisterInput input, [GlobalState] Caller caller, Registration registration, SessionEntry entry,
        CancellationToken ct) => SessionEntry.OverHttpAsync(caller, async () =>
        {
            var command = new RegisterAccount(registration.NewId(), input.Email.Trim(), input.DisplayName.Trim());
            List<CommandError> errors = [.. Registrations.Check(command), .. Passwords.Check(input)];
            if (errors.Count > 0)
                return SessionPayload.Failed(errors);
            if (await caller.Limits.TakeAsync(RateLimits.NewAccounts, caller.AddressKey, ct) is { } limited)
                return CommandGate.Refused<SessionPayload>(limited);
            var refusal = await registration.RegisterAsync(command, input.Password, caller, ct);
            if (refusal is null)
                return (await entry.BeginAsync(command.AccountId, passwordChangedAt: null, caller, ct))!;
            return await registration.FindRetriedAsync(command, input.Password, ct) is { } credential
                && await entry.BeginAsync(credential.AccountId, credential.ChangedAt, caller, ct) is { } payload
                    ? payload
                    : CommandGate.Refused<SessionPayload>(refusal);
        });

    [GraphQLDescription("Comes in under a name only.")]
    public static Task<SessionPayload> EnterAsGuestAsync(
        EnterAsGuestInput input, [GlobalState] Caller caller, Registration registration, SessionEntry entry,
        CancellationToken ct) => SessionEntry.OverHttpAsync(caller, async () =>
        {
            var command = new EnterAsGuest(registration.NewId(), input.DisplayName.Trim());
            var errors = Guests.Check(command);
            if (errors.Count > 0)
                return SessionPayload.Failed(errors);
            if (await caller.Limits.TakeAsync(RateLimits.NewAccounts, caller.AddressKey, ct) is { } limited)
                return CommandGate.Refused<SessionPayload>(limited);
            await registration.EnterAsGuestAsync(command, caller, ct);
            return (await entry.BeginAsync(command.AccountId, passwordChangedAt: null, caller, ct))!;
        });

    [GraphQLDescription(
        "The guest who is signed in gets an address and a password, and keeps id and history. All other sessions end; "
        + "an API client goes on with new tokens.")]
    public static Task<SessionPayload> UpgradeGuestAsync(
        UpgradeGuestInput input, [GlobalState] Caller caller, Registration registration, Sessions sessions,
        SessionRows sessionRows, SessionEntry entry, CancellationToken ct) => SessionEntry.OverHttpAsync(
        caller, () => CommandGate.SignedInAsync(caller, async session =>
        {
            var command = new UpgradeGuest(input.Email.Trim(), input.DisplayName?.Trim());
            List<CommandError> errors = [.. Upgrades.Check(command), .. UpgradePasswords.Check(input)];
            if (errors.Count > 0)
                return SessionPayload.Failed(errors);
            if (await registration.UpgradeAsync(command, input.Password, session, caller, ct) is { } refusal)
                return CommandGate.Refused<SessionPayload>(refusal);
            sessions.Forget(session.Id);
            return caller.Channel != Channel.Browser && await sessionRows.RenewAsync(session, ct) is { } tokens
                ? await entry.SignedInAsync(session.Account.Id, tokens, caller, ct)
                : await entry.AnswerAsync(session.Account.Id, tokens: null, ct);
        }, ct));
}
