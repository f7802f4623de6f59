using Chat.Api.Commands;
using Chat.Projections;

namespace Chat.Api.Accounts;

[GraphQLDescription("Browsers get a cookie and null tokens; API clients get tokens and no cookie.")]
public sealed record SessionPayload(
    Viewer? Viewer, string? AccessToken, string? RefreshToken, IReadOnlyList<CommandError> Errors)
    : ICommandPayload<SessionPayload>
{
    public static SessionPayload Failed(IReadOnlyList<CommandError> errors) => new(null, null, null, errors);
}

/// <summary>Begins sessions, and answers with what they have become.</summary>
internal sealed class SessionEntry(SessionRows sessions, ReadSnapshot snapshot, AccountLoader accounts)
{
    private static readonly CommandError NotOverSockets =
        new("SESSION_OVER_SOCKET", "Sessions begin and end over HTTP: a socket can carry no cookie.");

    /// <summary>Runs what begins or ends sessions.</summary>
    public static Task<TPayload> OverHttpAsync<TPayload>(Caller caller, Func<Task<TPayload>> run)
        where TPayload : ICommandPayload<TPayload> => caller.Channel == Channel.Socket
            ? Task.FromResult(TPayload.Failed([NotOverSockets]))
            : CommandGate.AnyoneAsync(caller, run);

    /// <summary>
    /// Null: the password that was checked (<paramref name="passwordChangedAt"/>) is no longer the account's.
    /// </summary>
    public async Task<SessionPayload?> BeginAsync(
        Guid accountId, DateTime? passwordChangedAt, Caller caller, CancellationToken ct)
    {
        var start = new SessionStart(accountId, caller.UserAgent, passwordChangedAt);
        if (caller.Channel != Channel.Browser)
        {
            return await sessions.BeginApiClientAsync(start, ct) is { } tokens
                ? await SignedInAsync(accountId, tokens, caller, ct)
                : null;
        }

        if (await sessions.BeginBrowserAsync(start, ct) is not { } cookie)
            return null;
        caller.Begin(cookie);
        return await AnswerAsync(accountId, tokens: null, ct);
    }

    /// <summary>An API client that has these tokens from now on.</summary>
    public Task<SessionPayload> SignedInAsync(
        Guid accountId, SessionTokens tokens, Caller caller, CancellationToken ct)
    {
        caller.Begin(tokens.AccessToken);
        return AnswerAsync(accountId, tokens, ct);
    }

    public async Task<SessionPayload> AnswerAsync(Guid accountId, SessionTokens? tokens, CancellationToken ct)
    {
        await snapshot.RenewAsync();
        var viewer = await accounts.ViewerAsync(accountId, ct);
        return new SessionPayload(viewer, tokens?.AccessToken, tokens?.RefreshToken, []);
    }
}
