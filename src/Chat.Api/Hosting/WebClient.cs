using Microsoft.Net.Http.Headers;

namespace Chat.Api.Hosting;

/// <summary>Serves the web client's files; a path that is no file is a place inside the client.</summary>
internal static class WebClient
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public static void UseWebClient(this WebApplication app)
    {
        app.Use(static (http, next) =>
        {
            var headers = http.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers.XFrameOptions = "DENY";
            return next(http);
        });
        app.UseStaticFiles(Files);
    }

    public static void MapWebClient(this WebApplication app) => app.MapFallbackToFile("index.html", Files);

    private static readonly StaticFileOptions Files = new()
    {
        OnPrepareResponse = static context =>
        {
            // Vite puts a hash of the content into the names under assets/.
            var isHashed = context.Context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal);
            context.Context.Response.Headers[HeaderNames.CacheControl] =
                isHashed ? "public, max-age=31536000, immutable" : "no-cache";
            context.Context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        },
    };
}
