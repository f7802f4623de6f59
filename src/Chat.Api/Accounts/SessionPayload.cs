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

/// <summary>Begins the sessions that registration, sign-in and guest entry end in.</summary>
internal sealed class SessionEntry(Sessions sessions, ReadSnapshot snapshot, AccountLoader accounts)
{
    public static readonly CommandError NotOverSockets =
        new("SESSION_OVER_SOCKET", "Sessions begin and end over HTTP: a socket can carry no cookie.");

    public async Task<SessionPayload> BeginAsync(Guid accountId, Caller caller, CancellationToken ct)
    {
        var token = await sessions.BeginAsync(accountId, caller.UserAgent, ct);
        await snapshot.RenewAsync();
        var viewer = await accounts.ViewerAsync(accountId, ct);
        return new SessionPayload(viewer, caller.Begin(token), RefreshToken: null, []);
    }
}
