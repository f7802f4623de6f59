using System.Text.Json;
using Chat.Api.Accounts;
using Chat.Api.Limits;
using Chat.Api.Realtime;

namespace Chat.Api.Hosting;

/// <summary>
/// Finds out who asks. A cookie counts only where another site's page cannot have sent the request: over HTTP with the
/// header x-chat, which such a page cannot set, and on sockets with an Origin that is ours.
/// </summary>
internal sealed class ChatInterceptor(
    Sessions sessions, LiveSessions live, Readiness readiness, RateLimiter limits, PresenceRegister presence,
    ChatOptions options) : GraphQLInterceptor
{
    public const string CallerState = "caller";
    public const string BrowserHeader = "x-chat";

    public override ValueTask OnRequestAsync(HttpContext http, IDictionary<string, object?> state, CancellationToken ct)
    {
        var (token, isBrowser) = TokenOf(http.Request);
        state[CallerState] = new Caller(
            sessions, readiness, limits, http, isBrowser ? Channel.Browser : Channel.ApiClient, token);
        return ValueTask.CompletedTask;
    }

    public override async ValueTask<ConnectResult> OnEventStreamAsync(
        HttpContext http, IDictionary<string, object?> state, CancellationToken ended)
    {
        // Like a socket: by the time of the result, no cookie can be set any more.
        var caller = new Caller(sessions, readiness, limits, http, Channel.Socket, TokenOf(http.Request).Token);
        state[CallerState] = caller;
        if (!caller.HasToken)
            return ConnectResult.Accept(CancellationToken.None);
        try
        {
            var session = await caller.RequireSessionAsync(http.RequestAborted);
            var opened = presence.Open(session.Account.Id, session.Id);
            ended.Register(opened.Dispose);
            return ConnectResult.Accept(live.Watch(session.Id, ended));
        }
        catch (Exception e) when (Unavailable.Is(e))
        {
            throw new GraphQLException(Unavailable.Message, Unavailable.Code);
        }
    }

    public override ValueTask<int?> OnSocketAsync(HttpContext http, CancellationToken ct) =>
        new(SessionCookie.Read(http.Request) is null || IsOwnOrigin(http.Request)
            ? null
            : StatusCodes.Status403Forbidden);

    public override async ValueTask<ConnectResult> OnConnectAsync(
        HttpContext http, JsonElement? payload, IDictionary<string, object?> state, CancellationToken ct)
    {
        var bearer = payload is { ValueKind: JsonValueKind.Object } init
            && init.TryGetProperty("authorization", out var authorization)
            && authorization.ValueKind == JsonValueKind.String
                ? Bearer(authorization.GetString())
                : null;
        var caller = new Caller(
            sessions, readiness, limits, http, Channel.Socket, bearer ?? SessionCookie.Read(http.Request));
        state[CallerState] = caller;
        if (!caller.HasToken)
            return ConnectResult.Accept(CancellationToken.None);
        try
        {
            if (await caller.SessionAsync(ct) is not { } session)
                return ConnectResult.Reject();
            http.Response.RegisterForDispose(
                presence.TryOpen(session.Account.Id, session.Id, limits.SocketsMax) ?? throw TooManySockets());
            return ConnectResult.Accept(live.Watch(session.Id, http));
        }
        catch (Exception e) when (Unavailable.Is(e))
        {
            // Every close code that says why is final to clients; a dropped connection they try again.
            http.Abort();
            return ConnectResult.Reject();
        }
    }

    private static GraphQLException TooManySockets() => new("Too many sockets are open.", RateLimiter.Code);

    private static (string? Token, bool IsBrowser) TokenOf(HttpRequest request)
    {
        var bearer = Bearer(request.Headers.Authorization);
        var cookie = SessionCookie.Read(request);
        var isBrowser = request.Headers[BrowserHeader] == "1";
        if (cookie is not null && bearer is null && !isBrowser)
            throw new GraphQLException("Requests with a session cookie need the header 'x-chat: 1'.", "FORBIDDEN");
        return (bearer ?? (isBrowser ? cookie : null), isBrowser);
    }

    private static string? Bearer(string? authorization) =>
        authorization?.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) == true
            ? authorization[7..].Trim()
            : null;

    private bool IsOwnOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        // Only the host: behind a proxy that ends TLS, the scheme that arrives here is not the page's.
        var isOurHost = Uri.TryCreate(origin, UriKind.Absolute, out var page)
            && (page.Scheme == Uri.UriSchemeHttps || page.Scheme == Uri.UriSchemeHttp)
            && page.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);
        return isOurHost || options.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);
    }
}
