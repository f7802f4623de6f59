using Microsoft.IdentityModel.Tokens;

namespace Chat.Api.Accounts;

/// <summary>/.well-known/jwks.json: with these keys others can check our access tokens (RFC 7517).</summary>
internal static class KeySet
{
    public static void MapKeySet(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/.well-known/jwks.json", async (SigningKeys keys, HttpContext http, CancellationToken ct) =>
        {
            try
            {
                var set = (await keys.AllAsync(ct)).Select(Public);
                http.Response.Headers.CacheControl = "public, max-age=60";
                return Results.Json(new { keys = set });
            }
            catch (Exception e) when (Unavailable.Is(e))
            {
                return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
            }
        });

    private static object Public(SigningKey key)
    {
        var point = key.Key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        return new
        {
            kty = "EC",
            crv = "P-256",
            use = "sig",
            alg = SecurityAlgorithms.EcdsaSha256,
            kid = key.Key.KeyId,
            x = Base64UrlEncoder.Encode(point.X),
            y = Base64UrlEncoder.Encode(point.Y),
        };
    }
}
