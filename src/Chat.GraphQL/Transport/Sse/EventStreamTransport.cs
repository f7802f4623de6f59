using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Chat.GraphQL;

/// <summary>Distinct connections mode of graphql-sse: each operation has an event stream for itself.</summary>
internal sealed class EventStreamTransport(
    GraphQLExecutor executor, GraphQLOptions options, HttpAdmission admission, HttpRequestReader reader,
    HttpResponses responses, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<EventStreamTransport> logger)
{
    public async Task HandleAsync(HttpContext http)
    {
        var operation = new EventStreamOperation(id: null, RequestState.Of(http), executor, logger);
        using (http.RequestAborted.Register(operation.Stop))
        using (lifetime.ApplicationStopping.Register(operation.Stop))
        {
            try
            {
                if (await RunAsync(http, operation) is { } refusal)
                    await responses.RefuseAsync(http, MediaTypes.Json, refusal);
            }
            finally
            {
                await operation.LeaveAsync();
            }
        }
    }

    private async Task<HttpRefusal?> RunAsync(HttpContext http, EventStreamOperation operation)
    {
        if (await admission.AdmitAsync(http, operation) is { } notAdmitted)
            return notAdmitted;
        using var incoming = await reader.ReadAsync(http.Request);
        if (incoming.Request is not { } request)
            return incoming.Refusal;
        var (prepared, errors) = await executor.PrepareAsync(request, operation.Ended);
        if (prepared is not null && HttpRefusal.OfMutation(prepared, http) is { } refusal)
            return refusal;

        var stream = new EventStream(http, options, time);
        await stream.OpenAsync();
        var alive = stream.KeepAliveAsync(operation.Ended);
        if (prepared is null)
            await operation.FailAsync(stream, errors);
        else
            await operation.RunAsync(stream, prepared, static () => { });
        await alive;
        return null;
    }
}
