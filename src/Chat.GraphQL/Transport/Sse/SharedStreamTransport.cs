using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Chat.GraphQL;

/// <summary>
/// Single connection mode of graphql-sse: a stream is reserved with PUT, opened with GET or POST, sent operations with
/// requests of their own, which are stopped with DELETE.
/// </summary>
internal sealed class SharedStreamTransport(
    GraphQLExecutor executor, GraphQLOptions options, HttpAdmission admission, HttpRequestReader reader,
    HttpResponses responses, SharedStreams streams, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<SharedStreamTransport> logger)
{
    private const string TokenHeader = "X-GraphQL-Event-Stream-Token";
    private const string TokenParameter = "token";
    private const string OperationIdParameter = "operationId";

    /// <summary>The token of the stream that a request belongs to; null for one that belongs to none.</summary>
    public static string? TokenOf(HttpRequest request) =>
        request.Headers[TokenHeader] is [{ Length: > 0 } header] ? header
        : request.Query[TokenParameter] is [{ Length: > 0 } parameter] ? parameter
        : null;

    public async Task ReserveAsync(HttpContext http)
    {
        if (await AdmitAsync(http) is { } refusal)
            await RefuseAsync(http, refusal);
        else if (streams.Reserve() is { } token)
            await HttpResponses.SendTextAsync(http, StatusCodes.Status201Created, token);
        else
        {
            await RefuseAsync(http, new HttpRefusal(
                StatusCodes.Status503ServiceUnavailable, "Too many event streams are open.",
                ErrorCodes.TooManyEventStreams));
        }
    }

    public async Task OpenAsync(HttpContext http, string token)
    {
        if (await AdmitAsync(http) is { } refusal)
        {
            await RefuseAsync(http, refusal);
            return;
        }

        if (streams.Find(token) is not { } shared)
        {
            await RefuseAsync(http, NotFound());
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            http.RequestAborted, lifetime.ApplicationStopping);
        var stream = new EventStream(http, options, time);
        if (!shared.TryClaim())
        {
            await RefuseAsync(http, new HttpRefusal(
                StatusCodes.Status409Conflict, "The stream is open already.", ErrorCodes.EventStreamIsOpen));
            return;
        }

        try
        {
            await stream.OpenAsync();
            shared.Open(stream);
            await stream.KeepAliveAsync(ended.Token);
        }
        finally
        {
            await streams.CloseAsync(token);
        }
    }

    public async Task ExecuteAsync(HttpContext http, string token)
    {
        if (streams.Find(token) is not { } shared)
        {
            await RefuseAsync(http, NotFound());
            return;
        }

        using var incoming = await reader.ReadAsync(http.Request);
        if (await StartAsync(http, shared, incoming) is { } refusal)
            await RefuseAsync(http, refusal);
        else
            http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    public async Task StopAsync(HttpContext http)
    {
        if (await AdmitAsync(http) is { } refusal)
            await RefuseAsync(http, refusal);
        else if (TokenOf(http.Request) is not { } token || streams.Find(token) is not { } shared)
            await RefuseAsync(http, NotFound());
        else if (http.Request.Query[OperationIdParameter] is not [{ Length: > 0 } id])
            await RefuseAsync(http, WithoutId());
        else
            shared.Stop(id);
    }

    private async Task<HttpRefusal?> StartAsync(HttpContext http, SharedStream shared, IncomingRequest incoming)
    {
        if (incoming.Request is not { } request)
            return incoming.Refusal;
        if (request.Extensions.OperationId is not { Length: > 0 } id)
            return WithoutId();
        if (id.Length > options.MaxOperationIdChars)
        {
            return new HttpRefusal(
                StatusCodes.Status400BadRequest,
                $"Ids of operations have at most {options.MaxOperationIdChars} characters.",
                ErrorCodes.OperationIdTooLong);
        }

        var operation = new EventStreamOperation(id, RequestState.Of(http), executor, logger);
        if (RefusalOf(shared.Admit(operation)) is { } notAdmitted)
            return notAdmitted;
        var (prepared, refusal) = await PrepareAsync(http, operation, request);
        if (prepared is not null)
        {
            shared.Start(operation, prepared);
            return null;
        }

        shared.Remove(operation);
        await operation.LeaveAsync();
        return refusal;
    }

    private async Task<(PreparedOperation? Prepared, HttpRefusal? Refusal)> PrepareAsync(
        HttpContext http, EventStreamOperation operation, GraphQLRequest request)
    {
        if (await admission.AdmitAsync(http, operation) is { } notAdmitted)
            return (null, notAdmitted);
        var (prepared, errors) = await executor.PrepareAsync(request, http.RequestAborted);
        if (prepared is null)
            return (null, new HttpRefusal(StatusCodes.Status400BadRequest, errors));
        var refusal = HttpRefusal.OfMutation(prepared, http);
        return refusal is null ? (prepared, null) : (null, refusal);
    }

    private HttpRefusal? RefusalOf(SharedStream.Admission admitted) => admitted switch
    {
        SharedStream.Admission.Closed => NotFound(),
        SharedStream.Admission.Duplicate => new HttpRefusal(
            StatusCodes.Status409Conflict, "An operation with this id is running already.",
            ErrorCodes.OperationIdInUse),
        SharedStream.Admission.Full => new HttpRefusal(
            StatusCodes.Status429TooManyRequests,
            $"At most {options.MaxOperationsPerSocket} operations may run on a stream at the same time.",
            ErrorCodes.TooManyOperations),
        _ => null,
    };

    private Task<HttpRefusal?> AdmitAsync(HttpContext http) =>
        admission.AdmitAsync(http, RequestState.Of(http));

    private Task RefuseAsync(HttpContext http, HttpRefusal refusal) =>
        responses.RefuseAsync(http, MediaTypes.Json, refusal);

    private static HttpRefusal NotFound() =>
        new(StatusCodes.Status404NotFound, "There is no such event stream.", ErrorCodes.EventStreamNotFound);

    private static HttpRefusal WithoutId() =>
        new(StatusCodes.Status400BadRequest, "The request must have an operation id.");
}
