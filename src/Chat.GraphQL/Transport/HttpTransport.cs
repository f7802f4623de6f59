using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Chat.GraphQL;

/// <summary>GraphQL over HTTP: POST, and GET for queries.</summary>
internal sealed class HttpTransport(
    GraphQLExecutor executor, GraphQLOptions options, IEnumerable<GraphQLInterceptor> interceptors)
{
    private readonly GraphQLInterceptor[] interceptors = [.. interceptors];

    public async Task HandleAsync(HttpContext http)
    {
        var isGet = HttpMethods.IsGet(http.Request.Method);
        if (!isGet && !HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.Headers.Allow = "GET, POST";
            await RefuseAsync(http, StatusCodes.Status405MethodNotAllowed, "GraphQL is asked with GET or POST.");
            return;
        }

        if (MediaTypes.OfResponse(http.Request) is not { } mediaType)
        {
            await RefuseAsync(
                http, StatusCodes.Status406NotAcceptable,
                $"Responses are {MediaTypes.GraphQLResponse} or {MediaTypes.Json}.");
            return;
        }

        http.Response.ContentType = mediaType + "; charset=utf-8";
        var state = RequestState.Of(http);
        try
        {
            foreach (var interceptor in interceptors)
                await interceptor.OnRequestAsync(http, state, http.RequestAborted);
        }
        catch (GraphQLException exception)
        {
            await SendErrorsAsync(http, StatusOf(exception.Code), [new GraphQLError(exception.Message)
            {
                Code = exception.Code,
                Extensions = exception.Extensions,
            }]);
            return;
        }

        if (isGet)
            await HandleGetAsync(http, state);
        else
            await HandlePostAsync(http, state);
    }

    private async Task HandlePostAsync(HttpContext http, Dictionary<string, object?> state)
    {
        if (!MediaTypes.IsJson(http.Request))
        {
            await SendErrorAsync(
                http, StatusCodes.Status415UnsupportedMediaType, "The body must be application/json in UTF-8.");
            return;
        }

        if (await RequestBody.ReadAsync(http.Request, options.MaxRequestBytes, http.RequestAborted) is not { } body)
        {
            if (HttpProtocol.IsHttp11(http.Request.Protocol))
                http.Response.Headers.Connection = "close";
            await SendErrorAsync(
                http, StatusCodes.Status413PayloadTooLarge,
                $"The body is larger than {options.MaxRequestBytes} bytes.", ErrorCodes.RequestTooLarge);
            return;
        }

        using var json = RequestBody.Parse(body, out var problem);
        var request = json is null ? null : GraphQLRequest.Read(json.RootElement, out problem);
        if (request is null)
            await SendErrorAsync(http, StatusCodes.Status400BadRequest, problem!);
        else
            await ExecuteAsync(http, request, state, isGet: false);
    }

    private async Task HandleGetAsync(HttpContext http, Dictionary<string, object?> state)
    {
        var query = http.Request.Query;
        string? problem = null;
        JsonDocument? variables = null;
        if (query["query"] is not [{ Length: > 0 } text])
            problem = "The request must have a \"query\".";
        else if (query["variables"] is [{ Length: > 0 } given])
            variables = RequestBody.Parse(System.Text.Encoding.UTF8.GetBytes(given), out problem);
        using (variables)
        {
            var kind = variables?.RootElement.ValueKind;
            if (problem is null && kind is not (null or JsonValueKind.Object or JsonValueKind.Null))
                problem = "\"variables\" must be an object.";
            if (problem is not null)
            {
                await SendErrorAsync(http, StatusCodes.Status400BadRequest, problem);
                return;
            }

            var name = query["operationName"] is [{ Length: > 0 } operation] ? operation : null;
            var request = new GraphQLRequest(query["query"]!, name, variables?.RootElement ?? default);
            await ExecuteAsync(http, request, state, isGet: true);
        }
    }

    private async Task ExecuteAsync(
        HttpContext http, GraphQLRequest request, Dictionary<string, object?> state, bool isGet)
    {
        if (executor.Prepare(request, out var errors) is not { } operation)
        {
            // Without the newer media type, a well-formed request is answered with 200 whatever its document is.
            var isLegacy = !http.Response.ContentType!.StartsWith(MediaTypes.GraphQLResponse, StringComparison.Ordinal);
            await SendErrorsAsync(http, isLegacy ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest, errors);
            return;
        }

        if (operation.Kind == OperationKind.Subscription)
        {
            await SendErrorAsync(
                http, StatusCodes.Status400BadRequest, "Subscriptions need a WebSocket (graphql-transport-ws).");
            return;
        }

        if (isGet && operation.Kind == OperationKind.Mutation)
        {
            http.Response.Headers.Allow = "POST";
            await SendErrorAsync(http, StatusCodes.Status405MethodNotAllowed, "Mutations need POST.");
            return;
        }

        using var response = new JsonBuffer();
        var outcome = await executor.ExecuteAsync(operation, state, response, http.RequestAborted);
        var status = outcome switch
        {
            ExecutionOutcome.Completed => StatusCodes.Status200OK,
            ExecutionOutcome.TimedOut => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status500InternalServerError,
        };
        await SendAsync(http, status, response);
    }

    private static int StatusOf(string code) => code switch
    {
        "UNAUTHENTICATED" => StatusCodes.Status401Unauthorized,
        "FORBIDDEN" => StatusCodes.Status403Forbidden,
        "RATE_LIMITED" => StatusCodes.Status429TooManyRequests,
        "UNAVAILABLE" => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status400BadRequest,
    };

    private static Task SendErrorAsync(
        HttpContext http, int status, string message, string code = ErrorCodes.BadRequest) =>
        SendErrorsAsync(http, status, [new GraphQLError(message) { Code = code }]);

    private static async Task SendErrorsAsync(HttpContext http, int status, IReadOnlyList<GraphQLError> errors)
    {
        using var response = new JsonBuffer();
        ResponseWriter.WriteErrors(response, errors);
        await SendAsync(http, status, response);
    }

    private static async Task SendAsync(HttpContext http, int status, JsonBuffer response)
    {
        http.Response.StatusCode = status;
        http.Response.ContentLength = response.Position;
        await http.Response.Body.WriteAsync(response.Written, http.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext http, int status, string message)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(message, http.RequestAborted);
    }
}
