namespace Chat.Api.Accounts;

/// <summary>The browser's session: out of reach of scripts, and never sent by another site's page.</summary>
internal static class SessionCookie
{
    public const string Name = "chat_session";

    /// <summary>
    /// The longest that browsers keep a cookie. Whether the session is alive the server decides, by its last use.
    /// </summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(400);

    public static string? Read(HttpRequest request) => request.Cookies[Name];

    public static void Set(HttpContext http, string token) =>
        http.Response.Cookies.Append(Name, token, Options(http, MaxAge));

    public static void Clear(HttpContext http) => http.Response.Cookies.Delete(Name, Options(http, maxAge: null));

    // A server on the local network has no certificate: Secure follows the scheme.
    private static CookieOptions Options(HttpContext http, TimeSpan? maxAge) => new()
    {
        HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, Path = "/", MaxAge = maxAge,
    };
}
