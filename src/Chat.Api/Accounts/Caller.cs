using System.Net;
using Chat.Api.Hosting;
using Chat.Api.Limits;

namespace Chat.Api.Accounts;

/// <summary>
/// How a request came in: a browser's with its cookie, an API client's with its token, or over a socket.
/// </summary>
internal enum Channel
{
    Browser,
    ApiClient,
    Socket,
}

/// <summary>
/// Who asks. The session is looked up when it is first needed: when the database is away, that is where a command can
/// still answer so.
/// </summary>
internal sealed class Caller(
    Sessions sessions, Readiness readiness, RateLimiter limits, HttpContext http, Channel channel, string? token)
{
    // One request is one moment: its session is looked up once. A socket goes on: its session may end meanwhile, and
    // may outlive the access token that opened it, which is not kept.
    private string? _token = token;
    private Session? _session;
    private Guid? _socketSessionId;

    public Channel Channel { get; } = channel;

    public RateLimiter Limits { get; } = limits;

    /// <summary>Whose requests are counted together where nobody is signed in.</summary>
    public string AddressKey { get; } = ClientAddress.KeyOf(http.Connection.RemoteIpAddress);

    public string? UserAgent { get; } = http.Request.Headers.UserAgent;

    /// <summary>What the log keeps of an address: never the address.</summary>
    public string AddressClass { get; } = ClassOf(http.Connection.RemoteIpAddress);

    /// <summary>Whether there is anything that may show a session.</summary>
    public bool HasToken => _token is not null || _socketSessionId is not null;

    public async Task<Session?> SessionAsync(CancellationToken ct)
    {
        readiness.Require();
        if (_socketSessionId is { } id)
            return await sessions.FindAsync(id, ct);
        if (_token is null)
            return null;
        if (Channel != Channel.Socket)
            return _session ??= await sessions.FindAsync(_token, ct);
        var session = await sessions.FindAsync(_token, ct);
        if (session is not null)
            (_socketSessionId, _token) = (session.Id, null);
        return session;
    }

    /// <summary>Throws what is answered as "unavailable" while the server waits for its database.</summary>
    public void RequireReady() => readiness.Require();

    /// <summary>The session that a query or subscription cannot do without.</summary>
    public async Task<Session> RequireSessionAsync(CancellationToken ct) =>
        await SessionAsync(ct) ?? throw new GraphQLException(
            Domain.Refusal.Unauthenticated.Message, Domain.Refusal.Unauthenticated.Code);

    /// <summary>The caller is signed in from now on, in this request and by the browser's cookie.</summary>
    public void Begin(string token)
    {
        (_token, _session, _socketSessionId) = (token, null, null);
        if (Channel == Channel.Browser)
            SessionCookie.Set(http, token);
    }

    /// <summary>The caller is signed out from now on.</summary>
    public void End()
    {
        (_token, _session, _socketSessionId) = (null, null, null);
        if (Channel == Channel.Browser)
            SessionCookie.Clear(http);
    }

    private static string ClassOf(IPAddress? address)
    {
        if (address is null || IPAddress.IsLoopback(address))
            return "loopback";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        var isPrivate = bytes.Length == 4
            ? bytes[0] == 10 || (bytes[0] == 172 && bytes[1] is >= 16 and <= 31) || (bytes[0] == 192 && bytes[1] == 168)
            : address.IsIPv6UniqueLocal || address.IsIPv6LinkLocal;
        return isPrivate ? "private" : "public";
    }
}
