using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Chat.GraphQL;

/// <summary>
/// Where the application meets the transport: it decides who may ask, and fills the state that resolvers read with
/// <see cref="GlobalStateAttribute"/>. One instance serves all requests. The entry <c>ClaimsPrincipal</c> is the user
/// that <see cref="AuthorizeAttribute"/> judges: at first that of the HTTP request, an interceptor may put another one.
/// </summary>
public abstract class GraphQLInterceptor
{
    /// <summary>
    /// Runs before an HTTP request is parsed. A <see cref="GraphQLException"/> refuses it: with status 401 for the code
    /// UNAUTHENTICATED, 403 for FORBIDDEN, 429 for RATE_LIMITED, and 400 for all others.
    /// </summary>
    public virtual ValueTask OnRequestAsync(
        HttpContext http, IDictionary<string, object?> state, CancellationToken ct) => ValueTask.CompletedTask;

    /// <summary>Runs before a socket is accepted. A status code, such as 403, refuses it; null accepts.</summary>
    public virtual ValueTask<int?> OnSocketAsync(HttpContext http, CancellationToken ct) => new((int?)null);

    /// <summary>
    /// Runs at <c>connection_init</c> and fills the state of all operations of the connection. A
    /// <see cref="GraphQLException"/> closes the socket with 4403 and its message.
    /// </summary>
    public virtual ValueTask<ConnectResult> OnConnectAsync(
        HttpContext http, JsonElement? payload, IDictionary<string, object?> state, CancellationToken ct) =>
        new(new ConnectResult(true));
}

/// <summary>The answer to <c>connection_init</c>.</summary>
/// <param name="Accepted">False closes the socket with 4403 "Forbidden".</param>
/// <param name="Ended">When this token fires, the socket is closed with 4403 "Session ended".</param>
public readonly record struct ConnectResult(bool Accepted, CancellationToken Ended = default)
{
    /// <summary>Lets the client in, until <paramref name="ended"/> fires.</summary>
    public static ConnectResult Accept(CancellationToken ended = default) => new(true, ended);

    /// <summary>Sends the client away.</summary>
    public static ConnectResult Reject() => new(false);
}
