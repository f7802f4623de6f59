using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Chat.GraphQL;

/// <summary>Reads requests from the body of a POST or the parameters of a GET (GraphQL over HTTP, "Request").</summary>
internal sealed class HttpRequestReader(GraphQLOptions options, TimeProvider time)
{
    public Task<IncomingRequest> ReadAsync(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) ? Task.FromResult(ReadParameters(request.Query)) : ReadBodyAsync(request);

    private async Task<IncomingRequest> ReadBodyAsync(HttpRequest request)
    {
        if (!MediaTypes.IsJson(request))
        {
            return IncomingRequest.Refused(
                StatusCodes.Status415UnsupportedMediaType, "The body must be application/json in UTF-8.");
        }

        var (body, refusal) = await RequestBody.ReadAsync(request, options, time);
        if (refusal is not null)
            return new IncomingRequest(null, refusal);
        var json = RequestBody.Parse(body, out var problem);
        if (json is null)
            return IncomingRequest.Refused(StatusCodes.Status400BadRequest, problem!);
        if (json.RootElement.ValueKind == JsonValueKind.Array)
        {
            json.Dispose();
            return IncomingRequest.Refused(
                StatusCodes.Status400BadRequest, "Batches are not supported: send one request at a time.",
                ErrorCodes.BatchingNotSupported);
        }

        return Of(GraphQLRequest.Read(json.RootElement, out problem), problem, json);
    }

    private IncomingRequest ReadParameters(IQueryCollection query)
    {
        var variables = ReadObject(query, "variables", out var problem);
        var extensions = problem is null ? ReadObject(query, "extensions", out problem) : null;
        var asked = problem is null
            ? RequestExtensions.Read(extensions?.RootElement ?? default, out problem)
            : null;
        var request = asked is null ? null : GraphQLRequest.Of(
            Text(query, "query"), Text(query, "documentId") ?? Text(query, "id"), Text(query, "operationName"),
            variables?.RootElement ?? default, asked, out problem);
        extensions?.Dispose();
        return Of(request, problem, variables);
    }

    private IncomingRequest Of(GraphQLRequest? request, string? problem, JsonDocument? json) => new(
        request,
        request is not null ? null : new HttpRefusal(
            options.September2026StatusCodes
                ? StatusCodes.Status422UnprocessableEntity
                : StatusCodes.Status400BadRequest,
            problem!),
        json);

    private static string? Text(IQueryCollection query, string name) =>
        query[name] is [{ Length: > 0 } text] ? text : null;

    private static JsonDocument? ReadObject(IQueryCollection query, string name, out string? problem)
    {
        problem = null;
        if (Text(query, name) is not { } text)
            return null;
        var json = RequestBody.Parse(Encoding.UTF8.GetBytes(text), out problem);
        if (json is null || json.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Null)
            return json;
        json.Dispose();
        problem = $"\"{name}\" must be an object.";
        return null;
    }
}

/// <summary>A request, or why there is none. It holds the JSON that the request's variables lie in.</summary>
internal sealed class IncomingRequest(GraphQLRequest? request, HttpRefusal? refusal, JsonDocument? json = null)
    : IDisposable
{
    public GraphQLRequest? Request { get; } = request;

    public HttpRefusal? Refusal { get; } = refusal;

    public static IncomingRequest Refused(int status, string message, string code = ErrorCodes.BadRequest) =>
        new(null, new HttpRefusal(status, message, code));

    public void Dispose() => json?.Dispose();
}
