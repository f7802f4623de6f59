using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Chat.GraphQL;

/// <summary>Content negotiation (GraphQL over HTTP, "Media Types"; RFC 9110, 12.5.1).</summary>
internal static class MediaTypes
{
    public const string Json = "application/json";
    public const string GraphQLResponse = "application/graphql-response+json";
    public const string EventStream = "text/event-stream";
    private const string Html = "text/html";

    /// <summary>What is served, in our own order of preference.</summary>
    private static readonly string[] Served = [Json, GraphQLResponse, EventStream];

    /// <summary>
    /// The media type of the response; null when the client takes none of ours. Who does not care gets
    /// application/json; an event stream gets only who names it.
    /// </summary>
    public static string? OfResponse(HttpRequest request)
    {
        var header = request.Headers.Accept;
        if (header is [] or ["*/*"] or [Json])
            return Json;
        if (!MediaTypeHeaderValue.TryParseList(header, out var ranges) || ranges.Count == 0)
            return Json;
        return Served
            .Select(type => (Type: type, Match: MatchOf(type, ranges)))
            .Where(served => served.Match.Quality > 0)
            .OrderByDescending(served => served.Match.Quality)
            .ThenByDescending(served => served.Match.Precision)
            .ThenBy(served => served.Match.Index)
            .Select(served => served.Type)
            .FirstOrDefault();
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
        HeaderUtilities.RemoveQuotes(type.Charset) is var charset &&
        (charset.Length == 0 || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    /// <summary>The most precise range that holds the type decides (RFC 9110, 12.5.1).</summary>
    private static (double Quality, int Precision, int Index) MatchOf(string type, IList<MediaTypeHeaderValue> ranges)
    {
        var match = (Quality: 0d, Precision: -1, Index: 0);
        for (var i = 0; i < ranges.Count; i++)
        {
            var precision = PrecisionOf(ranges[i], type);
            if (precision > match.Precision)
                match = (ranges[i].Quality ?? 1, precision, i);
        }

        return match;
    }

    private static int PrecisionOf(MediaTypeHeaderValue range, string type)
    {
        if (range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase))
            return 2;
        if (type == EventStream || !range.MatchesAllSubTypes)
            return -1;
        if (range.MatchesAllTypes)
            return 0;
        return type.StartsWith($"{range.Type}/", StringComparison.OrdinalIgnoreCase) ? 1 : -1;
    }
}
