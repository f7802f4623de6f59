using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Chat.GraphQL;

/// <summary>Accepts sockets that speak graphql-transport-ws.</summary>
internal sealed class SocketTransport(
    GraphQLExecutor executor, GraphQLOptions options, IEnumerable<GraphQLInterceptor> interceptors,
    HttpAdmission admission, HttpResponses responses, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<SocketTransport> logger)
{
    public const string Subprotocol = "graphql-transport-ws";

    private readonly GraphQLInterceptor[] interceptors = [.. interceptors];

    public async Task HandleAsync(HttpContext http)
    {
        try
        {
            foreach (var interceptor in interceptors)
            {
                if (await interceptor.OnSocketAsync(http, http.RequestAborted) is { } status)
                {
                    http.Response.StatusCode = status;
                    return;
                }
            }
        }
        catch (Exception exception) when (!http.RequestAborted.IsCancellationRequested)
        {
            await responses.RefuseAsync(http, MediaTypes.Json, admission.RefusalOf(exception));
            return;
        }

        var speaks = http.WebSockets.WebSocketRequestedProtocols.Contains(Subprotocol, StringComparer.Ordinal);
        using var socket = await http.WebSockets.AcceptWebSocketAsync(speaks ? Subprotocol : null);
        var channel = new SocketChannel(socket, options, time);
        var connection = new SocketConnection(http, channel, executor, options, interceptors, time, logger);
        if (!speaks)
            connection.Close(CloseReason.BadSubprotocol);
        using (lifetime.ApplicationStopping.Register(() => connection.Close(CloseReason.ShuttingDown)))
            await connection.RunAsync();
    }
}
