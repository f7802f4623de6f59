using Chat.Api.Commands;
using Chat.Api.Limits;
using Chat.Domain;
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

public sealed record SignInInput(string Email, string Password);

public sealed record EnterAsGuestInput(string DisplayName);

[MutationType]
internal static class SessionMutations
{
    /// <summary>The one answer to a wrong password and to an unknown address.</summary>
    public static readonly Refusal WrongCredentials =
        new("WRONG_CREDENTIALS", "The e-mail address or the password is wrong.");

    private static readonly RegisterAccount.Validator Registration = new();
    private static readonly RegisterInput.Validator NewPasswords = new();
    private static readonly EnterAsGuest.Validator Guests = new();

    [GraphQLDescription("Makes an account and signs in. The first account owns the server.")]
    public static Task<SessionPayload> RegisterAsync(
        RegisterInput input, [GlobalState] Caller caller, AccountLog accounts, PasswordHashes passwords,
        SessionEntry entry, CancellationToken ct) => OverHttpAsync(caller, async () =>
        {
            var command = new RegisterAccount(accounts.NewId(), input.Email.Trim(), input.DisplayName.Trim());
            List<CommandError> errors = [.. Registration.Check(command), .. NewPasswords.Check(input)];
            if (errors.Count > 0)
                return SessionPayload.Failed(errors);
            if (await caller.Limits.TakeAsync(RateLimits.NewAccounts, caller.AddressKey, ct) is { } limited)
                return CommandGate.Refused<SessionPayload>(limited);
            var hash = await passwords.HashAsync(input.Password, ct);
            return await accounts.RegisterAsync(command, hash, caller, ct) is { } refusal
                ? CommandGate.Refused<SessionPayload>(refusal)
                : await entry.BeginAsync(command.AccountId, caller, ct);
        });

    public static Task<SessionPayload> SignInAsync(
        SignInInput input, [GlobalState] Caller caller, AccountLog accounts, PasswordHashes passwords,
        SessionEntry entry, CancellationToken ct) => OverHttpAsync(caller, async () =>
        {
            if (input.Password.Length > Password.BytesMax || input.Email.Length > EmailAddress.LengthMax)
                return CommandGate.Refused<SessionPayload>(WrongCredentials);
            if (await SignInLimitAsync(input.Email, caller, ct) is { } limited)
                return CommandGate.Refused<SessionPayload>(limited);
            var (accountId, hash) = await accounts.FindAsync(input.Email, ct);
            var check = await passwords.CheckAsync(hash, input.Password, ct);
            if (accountId is not { } id || !check.Matches)
                return CommandGate.Refused<SessionPayload>(WrongCredentials);
            if (check.NewHash is not null)
                await accounts.ReplacePasswordHashAsync(id, hash!, check.NewHash, ct);
            return await entry.BeginAsync(id, caller, ct);
        });

    [GraphQLDescription("Comes in under a name only.")]
    public static Task<SessionPayload> EnterAsGuestAsync(
        EnterAsGuestInput input, [GlobalState] Caller caller, AccountLog accounts, SessionEntry entry,
        CancellationToken ct) => OverHttpAsync(caller, async () =>
        {
            var command = new EnterAsGuest(accounts.NewId(), input.DisplayName.Trim());
            var errors = Guests.Check(command);
            if (errors.Count > 0)
                return SessionPayload.Failed(errors);
            if (await caller.Limits.TakeAsync(RateLimits.NewAccounts, caller.AddressKey, ct) is { } limited)
                return CommandGate.Refused<SessionPayload>(limited);
            await accounts.EnterAsGuestAsync(command, caller, ct);
            return await entry.BeginAsync(command.AccountId, caller, ct);
        });

    [GraphQLDescription("Ends this session and closes its sockets.")]
    public static Task<CommandPayload> SignOutAsync([GlobalState] Caller caller, CancellationToken ct) =>
        OverHttpAsync(caller, () => CommandGate.SignedInAsync(caller, async session =>
        {
            await caller.EndAsync(session, ct);
            return CommandPayload.Done;
        }, ct));

    // By the address that is tried, whether it has an account or not: the answer tells nothing.
    private static async Task<Refusal?> SignInLimitAsync(string email, Caller caller, CancellationToken ct) =>
        await caller.Limits.TakeAsync(RateLimits.SignInsOfAddress, caller.AddressKey, ct)
            ?? await caller.Limits.TakeAsync(RateLimits.SignInsOfAccount, EmailAddress.Canonical(email), ct);

    private static Task<TPayload> OverHttpAsync<TPayload>(Caller caller, Func<Task<TPayload>> run)
        where TPayload : ICommandPayload<TPayload> => caller.Channel == Channel.Socket
            ? Task.FromResult(TPayload.Failed([SessionEntry.NotOverSockets]))
            : CommandGate.AnyoneAsync(caller, run);
}
