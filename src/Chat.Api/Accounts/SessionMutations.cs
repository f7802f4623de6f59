using Chat.Api.Commands;
using Chat.Api.Limits;
using Chat.Domain;
using Chat.Domain.Accounts;

namespace Chat.Api.Accounts;

public sealed record SignInInput(string Email, string Password);

/// <summary>Begin, refresh and end sessions: over HTTP only, because a socket can carry no cookie.</summary>
[MutationType]
internal static class SessionMutations
{
    /// <summary>The one answer to a wrong password and to an unknown address.</summary>
    public static readonly Refusal WrongCredentials =
        new("WRONG_CREDENTIALS", "The e-mail address or the password is wrong.");

    public static Task<SessionPayload> SignInAsync(
        SignInInput input, [GlobalState] Caller caller, Credentials credentials, PasswordHashes passwords,
        SessionEntry entry, CancellationToken ct) => SessionEntry.OverHttpAsync(caller, async () =>
        {
            if (input.Password.Length > Password.BytesMax || input.Email.Length > EmailAddress.LengthMax)
                return CommandGate.Refused<SessionPayload>(WrongCredentials);
            if (await SignInLimitAsync(input.Email, caller, ct) is { } limited)
                return CommandGate.Refused<SessionPayload>(limited);
            var credential = await credentials.FindAsync(input.Email, ct);
            var check = await passwords.CheckAsync(credential?.PasswordHash, input.Password, ct);
            if (credential is null || !check.Matches)
                return CommandGate.Refused<SessionPayload>(WrongCredentials);
            if (check.NewHash is not null)
                await credentials.RehashAsync(credential, check.NewHash, ct);
            return await entry.BeginAsync(credential.AccountId, credential.ChangedAt, caller, ct)
                ?? CommandGate.Refused<SessionPayload>(WrongCredentials);
        });

    [GraphQLDescription(
        "The next tokens of an API client's session. A refresh token is used once: one that comes again ends the "
        + "session, except within 30 seconds, where the client may not have got the answer and gets it again.")]
    public static Task<SessionPayload> RefreshSessionAsync(
        string refreshToken, [GlobalState] Caller caller, SessionRows sessions, SessionEntry entry,
        CancellationToken ct) => SessionEntry.OverHttpAsync(caller, async () =>
        {
            // A browser's session has no such token, and a browser is never given one.
            if (caller.Channel == Channel.Browser || await sessions.RefreshAsync(refreshToken, ct) is not { } next)
                return CommandGate.Refused<SessionPayload>(Refusal.Unauthenticated);
            return await entry.SignedInAsync(next.AccountId, next.Tokens, caller, ct);
        });

    [GraphQLDescription("Ends this session and closes its sockets.")]
    public static Task<CommandPayload> SignOutAsync(
        [GlobalState] Caller caller, SessionRows sessions, CancellationToken ct) =>
        SessionEntry.OverHttpAsync(caller, () => CommandGate.SignedInAsync(caller, async session =>
        {
            await sessions.EndAsync(session.Account.Id, session.Id, ct);
            caller.End();
            return CommandPayload.Done;
        }, ct));

    [GraphQLDescription("Ends one of the viewer's sessions and closes its sockets.")]
    public static Task<CommandPayload> RevokeSessionAsync(
        Guid id, [GlobalState] Caller caller, SessionRows sessions, CancellationToken ct) =>
        SessionEntry.OverHttpAsync(caller, () => CommandGate.SignedInAsync(caller, async session =>
        {
            if (!await sessions.EndAsync(session.Account.Id, id, ct))
                return CommandGate.Refused<CommandPayload>(Refusal.NotFound);
            if (id == session.Id)
                caller.End();
            return CommandPayload.Done;
        }, ct));

    // By the address that is tried, whether it has an account or not: the answer tells nothing.
    private static async Task<Refusal?> SignInLimitAsync(string email, Caller caller, CancellationToken ct) =>
        await caller.Limits.TakeAsync(RateLimits.SignInsOfAddress, caller.AddressKey, ct)
            ?? await caller.Limits.TakeAsync(RateLimits.SignInsOfAccount, EmailAddress.Canonical(email), ct);
}
