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
    /// Runs before an HTTP request is parsed, also before one that reserves, opens or stops something on an event
    /// stream. A <see cref="GraphQLException"/> refuses it: with status 401 for the code UNAUTHENTICATED, 403 for
    /// FORBIDDEN, 429 for RATE_LIMITED, 503 for UNAVAILABLE, and 400 for all others. Other exceptions are masked as
    /// INTERNAL, with status 500.
    /// </summary>
    public virtual ValueTask OnRequestAsync(
        HttpContext http, IDictionary<string, object?> state, CancellationToken ct) => ValueTask.CompletedTask;

    /// <summary>
    /// Runs before an operation is parsed whose results go to an event stream (graphql-sse), in the place of
    /// <see cref="OnRequestAsync"/>, and refuses in the same way; not to accept is status 403. The operation may
    /// outlive the request: nothing in the state may need <paramref name="http"/> later. It calls
    /// <see cref="OnRequestAsync"/> unless it is overridden.
    /// </summary>
    /// <param name="http">The request that carries the operation.</param>
    /// <param name="state">The state of this operation.</param>
    /// <param name="ended">Fires when the operation has ended, however it did.</param>
    public virtual async ValueTask<ConnectResult> OnEventStreamAsync(
        HttpContext http, IDictionary<string, object?> state, CancellationToken ended)
    {
        await OnRequestAsync(http, state, http.RequestAborted);
        return new ConnectResult(true);
    }

    /// <summary>
    /// Runs before a socket is accepted. A status code, such as 403, refuses it; null accepts. Exceptions are what they
    /// are in <see cref="OnRequestAsync"/>.
    /// </summary>
    public virtual ValueTask<int?> OnSocketAsync(HttpContext http, CancellationToken ct) => new((int?)null);

    /// <summary>
    /// Runs at <c>connection_init</c> and fills the state of all operations of the connection. A
    /// <see cref="GraphQLException"/> closes the socket with 4429 for the code RATE_LIMITED, with 4403 for all others,
    /// and its message. The token fires when the socket ends, also because
    /// <see cref="GraphQLOptions.SocketInitTimeout"/> is over.
    /// </summary>
    public virtual ValueTask<ConnectResult> OnConnectAsync(
        HttpContext http, JsonElement? payload, IDictionary<string, object?> state, CancellationToken ct) =>
        new(new ConnectResult(true));
}

/// <summary>The answer to <c>connection_init</c>, or to an operation for an event stream.</summary>
/// <param name="Accepted">False closes the socket with 4403 "Forbidden".</param>
/// <param name="Ended">
/// When this token fires, the socket is closed with 4403 "Session ended", or the operation ends with SESSION_ENDED.
/// </param>
public readonly record struct ConnectResult(bool Accepted, CancellationToken Ended = default)
{
    /// <summary>Lets the client in, until <paramref name="ended"/> fires.</summary>
    public static ConnectResult Accept(CancellationToken ended = default) => new(true, ended);

    /// <summary>Sends the client away.</summary>
    public static ConnectResult Reject() => new(false);
}
