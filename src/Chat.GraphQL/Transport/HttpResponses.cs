using Microsoft.AspNetCore.Http;

namespace Chat.GraphQL;

/// <summary>Sends responses (GraphQL over HTTP, "Response").</summary>
internal sealed class HttpResponses(GraphQLOptions options)
{
    private const string Charset = "; charset=utf-8";

    /// <summary>Data with errors; the number is defined by the specification, not by HTTP.</summary>
    private const int PartialSuccess = 294;

    public Task SendAsync(HttpContext http, string mediaType, ExecutionOutcome outcome, JsonBuffer json) =>
        SendAsync(http, StatusOf(outcome, mediaType), mediaType + Charset, json.Written);

    /// <summary>Answers a request that was not executed.</summary>
    public async Task RefuseAsync(HttpContext http, string mediaType, HttpRefusal refusal)
    {
        using var json = new JsonBuffer();
        ResponseWriter.WriteErrors(json, refusal.Errors);
        await SendAsync(http, refusal.Status, mediaType + Charset, json.Written);
    }

    /// <summary>Answers a well-formed request whose document, operation or variables are not to be executed.</summary>
    public Task RefuseAsync(HttpContext http, string mediaType, IReadOnlyList<GraphQLError> errors) =>
        RefuseAsync(http, mediaType, new HttpRefusal(StatusOf(errors, mediaType), errors));

    /// <summary>Sends a body, compressed where that is worth it and safe.</summary>
    public async Task SendAsync(HttpContext http, int status, string contentType, ReadOnlyMemory<byte> body)
    {
        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        var encoding = options.Compression && body.Length >= options.MinCompressedBytes
            ? ContentEncoding.Of(http.Request)
            : null;
        // Only what was asked for with GET is kept by caches.
        if (encoding is not null || HttpMethods.IsGet(http.Request.Method))
            response.Headers.Vary = "Accept, Accept-Encoding";
        if (encoding is null)
        {
            response.ContentLength = body.Length;
            await response.Body.WriteAsync(body, http.RequestAborted);
            return;
        }

        response.Headers.ContentEncoding = encoding;
        await using var compressed = ContentEncoding.Compress(response.Body, encoding);
        await compressed.WriteAsync(body, http.RequestAborted);
    }

    public static Task SendTextAsync(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain" + Charset;
        return http.Response.WriteAsync(text, http.RequestAborted);
    }

    private int StatusOf(ExecutionOutcome outcome, string mediaType) => outcome switch
    {
        ExecutionOutcome.CompletedWithErrors
            when options.September2026StatusCodes && mediaType == MediaTypes.GraphQLResponse => PartialSuccess,
        ExecutionOutcome.Completed or ExecutionOutcome.CompletedWithErrors => StatusCodes.Status200OK,
        ExecutionOutcome.TimedOut => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    private int StatusOf(IReadOnlyList<GraphQLError> errors, string mediaType)
    {
        if (errors[0].Code == ErrorCodes.Internal)
            return StatusCodes.Status500InternalServerError;
        // Without the newer media type, a well-formed request is answered with 200 whatever its document is.
        if (mediaType != MediaTypes.GraphQLResponse)
            return StatusCodes.Status200OK;
        return options.September2026StatusCodes && errors[0].Code != ErrorCodes.ParseFailed
            ? StatusCodes.Status422UnprocessableEntity
            : StatusCodes.Status400BadRequest;
    }
}
