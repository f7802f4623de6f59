using System.Buffers;
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

    /// <summary>Reads the body; null when it is larger than the limit.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, int maxBytes, CancellationToken ct)
    {
        if (request.ContentLength > maxBytes)
            return null;
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(ct);
            if (read.Buffer.Length > maxBytes)
            {
                reader.AdvanceTo(read.Buffer.Start);
                return null;
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
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
