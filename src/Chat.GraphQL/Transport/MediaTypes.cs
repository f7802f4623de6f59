using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Chat.GraphQL;

/// <summary>Content negotiation (GraphQL over HTTP, "Media Types").</summary>
internal static class MediaTypes
{
    public const string Json = "application/json";
    public const string GraphQLResponse = "application/graphql-response+json";
    private const string Html = "text/html";

    /// <summary>
    /// The media type of the response; null when the client takes neither. Who does not care gets application/json.
    /// </summary>
    public static string? OfResponse(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted) || accepted.Count == 0)
            return Json;
        return accepted.Where(type => type.Quality != 0)
            .OrderByDescending(type => type.Quality ?? 1)
            .Select(type =>
                type.MediaType.Equals(GraphQLResponse, StringComparison.OrdinalIgnoreCase) ? GraphQLResponse
                : type.MatchesMediaType(Json) ? Json
                : null)
            .FirstOrDefault(type => type is not null);
    }

    /// <summary>Whether a browser asks for a page.</summary>
    public static bool PrefersHtml(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted) &&
        accepted.Any(type => type.MediaType.Equals(Html, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Whether the body is JSON. No form of another site can send it, so nothing else is taken (cross-site requests).
    /// </summary>
    public static bool IsJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) &&
        type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase) &&
        (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}
