using Microsoft.AspNetCore.Http;

namespace Chat.GraphQL;

/// <summary>GraphQL over HTTP: POST, and GET for queries. What asks for an event stream is handed on.</summary>
internal sealed class HttpTransport(
    GraphQLExecutor executor, HttpAdmission admission, HttpRequestReader reader, HttpResponses responses,
    EventStreamTransport streams, SharedStreamTransport sharedStreams)
{
    public Task HandleAsync(HttpContext http)
    {
        var method = http.Request.Method;
        if (HttpMethods.IsPut(method))
            return sharedStreams.ReserveAsync(http);
        if (HttpMethods.IsDelete(method))
            return sharedStreams.StopAsync(http);
        if (!HttpMethods.IsGet(method) && !HttpMethods.IsPost(method))
        {
            http.Response.Headers.Allow = "GET, POST, PUT, DELETE";
            return HttpResponses.SendTextAsync(
                http, StatusCodes.Status405MethodNotAllowed, "GraphQL is asked with GET or POST.");
        }

        var mediaType = MediaTypes.OfResponse(http.Request);
        if (SharedStreamTransport.TokenOf(http.Request) is { } token)
        {
            return mediaType == MediaTypes.EventStream
                ? sharedStreams.OpenAsync(http, token)
                : sharedStreams.ExecuteAsync(http, token);
        }

        return mediaType switch
        {
            null => HttpResponses.SendTextAsync(
                http, StatusCodes.Status406NotAcceptable,
                $"Responses are {MediaTypes.GraphQLResponse}, {MediaTypes.Json} or {MediaTypes.EventStream}."),
            MediaTypes.EventStream => streams.HandleAsync(http),
            _ => AnswerAsync(http, mediaType),
        };
    }

    private async Task AnswerAsync(HttpContext http, string mediaType)
    {
        var state = RequestState.Of(http);
        if (await admission.AdmitAsync(http, state) is { } notAdmitted)
        {
            await responses.RefuseAsync(http, mediaType, notAdmitted);
            return;
        }

        using var incoming = await reader.ReadAsync(http.Request);
        if (incoming.Request is not { } request)
        {
            await responses.RefuseAsync(http, mediaType, incoming.Refusal!);
            return;
        }

        var (operation, errors) = await executor.PrepareAsync(request, http.RequestAborted);
        if (operation is null)
            await responses.RefuseAsync(http, mediaType, errors);
        else if (RefusalOf(operation, http) is { } refusal)
            await responses.RefuseAsync(http, mediaType, refusal);
        else
            await ExecuteAsync(http, mediaType, operation, state);
    }

    private async Task ExecuteAsync(
        HttpContext http, string mediaType, PreparedOperation operation, IReadOnlyDictionary<string, object?> state)
    {
        using var json = new JsonBuffer();
        var outcome = await executor.ExecuteAsync(operation, state, json, http.RequestAborted);
        await responses.SendAsync(http, mediaType, outcome, json);
    }

    private static HttpRefusal? RefusalOf(PreparedOperation operation, HttpContext http) =>
        operation.Kind == OperationKind.Subscription
            ? new HttpRefusal(
                StatusCodes.Status400BadRequest,
                $"Subscriptions need a WebSocket ({SocketTransport.Subprotocol}) or Accept: {MediaTypes.EventStream}.")
            : HttpRefusal.OfMutation(operation, http);
}
