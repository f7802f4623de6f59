using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Chat.GraphQL;

/// <summary>
/// Compressed responses. The middleware of ASP.NET Core has no minimum size: it would spend more on small responses
/// than it saves.
/// </summary>
internal static class ContentEncoding
{
    private const string Brotli = "br";
    private const string Gzip = "gzip";

    /// <summary>What is served, in our own order of preference.</summary>
    private static readonly string[] Served = [Brotli, Gzip];

    /// <summary>
    /// The encoding that the client likes best (RFC 9110, 12.5.3); null when the response stays as it is.
    /// </summary>
    public static string? Of(HttpRequest request)
    {
        if (request.Headers.AcceptEncoding.Count == 0 || IsForgeable(request)
            || !StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var accepted))
        {
            return null;
        }

        return Served
            .Select(name => (Name: name, Quality: QualityOf(name, accepted)))
            .Where(served => served.Quality > 0)
            .OrderByDescending(served => served.Quality)
            .Select(served => served.Name)
            .FirstOrDefault();
    }

    public static Stream Compress(Stream stream, string encoding) => encoding == Brotli
        ? new BrotliStream(stream, CompressionLevel.Fastest, leaveOpen: true)
        : new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true);

    /// <summary>
    /// A page of another site can make a browser send a GET with its cookies, with text of its choice in it. From the
    /// length of compressed responses it could learn what else is in them (BREACH). It cannot send our POST: that is
    /// JSON, and browsers ask first.
    /// </summary>
    private static bool IsForgeable(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers.Cookie.Count > 0;

    private static double QualityOf(string name, IList<StringWithQualityHeaderValue> accepted)
    {
        var named = accepted.FirstOrDefault(value => value.Value.Equals(name, StringComparison.OrdinalIgnoreCase));
        var match = named ?? accepted.FirstOrDefault(value => value.Value == "*");
        return match is null ? 0 : match.Quality ?? 1;
    }
}
