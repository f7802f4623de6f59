using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace Chat.GraphQL;

/// <summary>Reads and parses what clients send, within limits.</summary>
internal static class RequestBody
{
    /// <summary>Nesting of objects and lists in what clients send.</summary>
    public const int MaxNesting = 64;

    private static readonly JsonDocumentOptions Strict = new()
    {
        MaxDepth = MaxNesting,
        // Readers differ in which of two values they take: what one has checked another would execute.
        AllowDuplicateProperties = false,
    };

    /// <summary>Reads the body; refuses one that is encoded, too large, or too slow.</summary>
    public static async Task<(byte[]? Bytes, HttpRefusal? Refusal)> ReadAsync(
        HttpRequest request, GraphQLOptions options, TimeProvider time)
    {
        if (request.Headers.ContentEncoding is [not ("" or "identity"), ..])
            return (null, Encoded(request));
        if (request.ContentLength > options.MaxRequestBytes)
            return (null, TooLarge(request, options));
        var reader = request.BodyReader;
        ITimer? timeout = null;
        try
        {
            while (true)
            {
                // Not with the token of the request: the server ends the reading itself when the client is gone.
                var reading = reader.ReadAsync(CancellationToken.None);
                // Most bodies are here with the headers: those need no timer.
                if (!reading.IsCompleted)
                    timeout ??= time.CreateTimer(Cancel, reader, options.RequestBodyTimeout, Timeout.InfiniteTimeSpan);
                var read = await reading;
                if (read.IsCanceled || read.Buffer.Length > options.MaxRequestBytes)
                {
                    reader.AdvanceTo(read.Buffer.Start);
                    return (null, read.IsCanceled ? TooSlow(request, options) : TooLarge(request, options));
                }

                if (read.IsCompleted)
                {
                    var bytes = read.Buffer.ToArray();
                    reader.AdvanceTo(read.Buffer.End);
                    return (bytes, null);
                }

                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode != StatusCodes.Status400BadRequest)
        {
            // The server's own limits, such as a body that comes too slowly. One that ends before its length is left to
            // the server: whoever sent it is gone, and only it knows that nothing more is to be read.
            EndConnection(request);
            return (null, exception.StatusCode == StatusCodes.Status408RequestTimeout
                ? TooSlow(request, options)
                : new HttpRefusal(exception.StatusCode, exception.Message));
        }
        finally
        {
            if (timeout is not null)
                await timeout.DisposeAsync();
        }
    }

    /// <summary>
    /// Parses JSON; null, with the reason, for what is none or holds strings that are no Unicode text.
    /// </summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> utf8, out string? problem)
    {
        if (!Utf8.IsValid(utf8.Span))
        {
            problem = "Malformed JSON: the text is not UTF-8.";
            return null;
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(utf8, Strict);
        }
        catch (JsonException exception)
        {
            problem = "Malformed JSON: " + exception.Message;
            return null;
        }
        catch (InvalidOperationException)
        {
            // Names are compared while parsing, and one was half a surrogate pair.
            problem = "Malformed JSON: a string is not valid Unicode.";
            return null;
        }

        problem = null;
        if (!MayHoldSurrogates(utf8.Span) || HasOnlyUnicode(document.RootElement))
            return document;
        document.Dispose();
        problem = "Malformed JSON: a string is not valid Unicode.";
        return null;
    }

    private static void Cancel(object? reader) => ((PipeReader)reader!).CancelPendingRead();

    private static HttpRefusal Encoded(HttpRequest request)
    {
        request.HttpContext.Response.Headers.AcceptEncoding = "identity";
        return new HttpRefusal(StatusCodes.Status415UnsupportedMediaType, "The body must not be encoded.");
    }

    private static HttpRefusal TooLarge(HttpRequest request, GraphQLOptions options)
    {
        EndConnection(request);
        return new HttpRefusal(
            StatusCodes.Status413PayloadTooLarge, $"The body is larger than {options.MaxRequestBytes} bytes.",
            ErrorCodes.RequestTooLarge);
    }

    private static HttpRefusal TooSlow(HttpRequest request, GraphQLOptions options)
    {
        EndConnection(request);
        return new HttpRefusal(
            StatusCodes.Status408RequestTimeout,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The body did not arrive within {options.RequestBodyTimeout.TotalSeconds:0.###} seconds."),
            ErrorCodes.RequestBodyTimeout);
    }

    /// <summary>The rest of the body is not waited for.</summary>
    private static void EndConnection(HttpRequest request)
    {
        if (HttpProtocol.IsHttp11(request.Protocol))
            request.HttpContext.Response.Headers.Connection = "close";
    }

    private static bool MayHoldSurrogates(ReadOnlySpan<byte> utf8) =>
        utf8.IndexOf("\\ud"u8) >= 0 || utf8.IndexOf("\\uD"u8) >= 0;

    /// <summary>
    /// Reading a string with half a surrogate pair throws; done once here, nothing after has to expect it.
    /// </summary>
    private static bool HasOnlyUnicode(JsonElement json)
    {
        try
        {
            switch (json.ValueKind)
            {
                case JsonValueKind.String:
                    return json.GetString() is not null;
                case JsonValueKind.Array:
                    return json.EnumerateArray().All(HasOnlyUnicode);
                case JsonValueKind.Object:
                    return json.EnumerateObject()
                        .All(property => property.Name is not null && HasOnlyUnicode(property.Value));
                default:
                    return true;
            }
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
