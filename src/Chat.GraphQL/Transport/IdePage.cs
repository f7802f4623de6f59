using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;

namespace Chat.GraphQL;

/// <summary>Serves the built files of the GraphiQL page. Nothing is loaded from other origins.</summary>
internal sealed class IdePage(GraphQLOptions options)
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; " +
        "connect-src 'self'; font-src 'self' data:; img-src 'self' data:; base-uri 'none'; " +
        "form-action 'none'; frame-ancestors 'none'";

    private const string NoSettings = "name=\"graphql-ide\" content=\"{}\"";

    private static readonly FileExtensionContentTypeProvider ContentTypes = new();
    private readonly string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.IdePath));
    private readonly string settings = $"name=\"graphql-ide\" content=\"{HtmlEncoder.Default.Encode(
        JsonSerializer.Serialize(
            new { title = options.IdeTitle, document = options.IdeDocument, headers = options.IdeHeaders }))}\"";

    /// <summary>Serves the page, whose files lie below wherever the endpoint is mapped.</summary>
    public Task ServePageAsync(HttpContext http) => ServeAsync(http, "index.html", isImmutable: false);

    /// <summary>Serves a file below <c>{path}/ide/</c>; its name holds a hash of its content.</summary>
    public Task ServeAssetAsync(HttpContext http) =>
        ServeAsync(http, (string?)http.Request.RouteValues["file"] ?? "", isImmutable: true);

    private async Task ServeAsync(HttpContext http, string file, bool isImmutable)
    {
        var path = Path.GetFullPath(Path.Combine(root, file));
        var isInside = path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        if (!isInside || !File.Exists(path))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            http.Response.ContentType = "text/plain; charset=utf-8";
            await http.Response.WriteAsync(
                isImmutable ? "There is no such file." : "The GraphiQL page is not built. The API itself works.",
                http.RequestAborted);
            return;
        }

        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = isImmutable ? "public, max-age=31536000, immutable" : "no-cache";
        http.Response.ContentType =
            ContentTypes.TryGetContentType(path, out var type) ? type : "application/octet-stream";
        if (isImmutable)
        {
            await http.Response.SendFileAsync(path, http.RequestAborted);
            return;
        }

        var page = await File.ReadAllTextAsync(path, http.RequestAborted);
        await http.Response.WriteAsync(
            page.Replace("=\"./", $"=\"{FolderOf(http.Request)}", StringComparison.Ordinal)
                .Replace(NoSettings, settings, StringComparison.Ordinal),
            http.RequestAborted);
    }

    /// <summary>The path of the page's files, as an attribute's value.</summary>
    private static string FolderOf(HttpRequest request) => HtmlEncoder.Default.Encode(
        request.PathBase.Add(request.Path).ToUriComponent().TrimEnd('/') + "/ide/");
}
