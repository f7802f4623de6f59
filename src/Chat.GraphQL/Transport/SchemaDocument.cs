using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Chat.GraphQL;

/// <summary>The schema as text, for tools. It changes only with the server.</summary>
internal sealed class SchemaDocument
{
    private readonly byte[] text;
    private readonly EntityTagHeaderValue tag;
    private readonly HttpResponses responses;

    public SchemaDocument(Schema schema, HttpResponses responses)
    {
        text = Encoding.UTF8.GetBytes(SchemaPrinter.Print(schema));
        // Weak: the same schema comes in several encodings.
        tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(text))}\"", isWeak: true);
        this.responses = responses;
    }

    public Task ServeAsync(HttpContext http)
    {
        http.Response.Headers.ETag = tag.ToString();
        http.Response.Headers.CacheControl = "no-cache";
        if (!IsKnown(http.Request))
            return responses.SendAsync(http, StatusCodes.Status200OK, "text/plain; charset=utf-8", text);
        http.Response.StatusCode = StatusCodes.Status304NotModified;
        return Task.CompletedTask;
    }

    /// <summary>RFC 9110, 13.1.2.</summary>
    private bool IsKnown(HttpRequest request) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var known)
        && known.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(tag, useStrongComparison: false));
}
