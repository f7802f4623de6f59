using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Chat.GraphQL;

/// <summary>
/// Bounds the requests that run at the same time on one connection of HTTP/2 or HTTP/3. HTTP/1.1 has one at a time.
/// </summary>
internal sealed class ConnectionOperations(GraphQLOptions options)
{
    private static readonly object Key = new();

    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var protocol = http.Request.Protocol;
        var isShared = !HttpProtocol.IsHttp11(protocol) && !HttpProtocol.IsHttp10(protocol);
        return isShared && http.Features.Get<IConnectionItemsFeature>() is { } connection
            ? RunAsync(http, next, Running(connection))
            : next(http);
    }

    private async Task RunAsync(HttpContext http, RequestDelegate next, Counter running)
    {
        try
        {
            if (Interlocked.Increment(ref running.Value) <= options.MaxOperationsPerConnection)
                await next(http);
            else
                await RefuseAsync(http);
        }
        finally
        {
            Interlocked.Decrement(ref running.Value);
        }
    }

    private async Task RefuseAsync(HttpContext http)
    {
        using var json = new JsonBuffer();
        ResponseWriter.WriteErrors(json, [new GraphQLError(
            $"At most {options.MaxOperationsPerConnection} operations may run on a connection at the same time.")
        {
            Code = ErrorCodes.TooManyOperations,
        }]);
        http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        http.Response.ContentType = (MediaTypes.OfResponse(http.Request) ?? MediaTypes.Json) + "; charset=utf-8";
        http.Response.ContentLength = json.Position;
        await http.Response.Body.WriteAsync(json.Written, http.RequestAborted);
    }

    private static Counter Running(IConnectionItemsFeature connection)
    {
        lock (connection)
        {
            if (connection.Items.TryGetValue(Key, out var known))
                return (Counter)known!;
            var made = new Counter();
            connection.Items.Add(Key, made);
            return made;
        }
    }

    private sealed class Counter
    {
        public int Value;
    }
}
