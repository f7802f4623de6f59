using System.Security.Claims;
using Chat.Api.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Chat.Api.Accounts;

/// <summary>What an access token of ours says.</summary>
internal sealed record AccessToken(Guid AccountId, Guid SessionId, DateTimeOffset ExpiresAt);

/// <summary>
/// Access tokens: JWTs signed with ES256 and nothing else, as RFC 9068 has them. They name account and session; whether
/// the session is still alive, <see cref="Sessions"/> knows.
/// </summary>
internal sealed class AccessTokens(SigningKeys keys, ChatOptions options, TimeProvider clock)
{
    public const string Audience = "chat";
    public const string TokenType = "at+jwt";

    /// <summary>Ours have about 400 characters.</summary>
    public const int LengthMax = 2048;

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>How far the clocks of two nodes may be apart.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    public async Task<string> IssueAsync(Guid accountId, Guid sessionId, CancellationToken ct)
    {
        var key = await keys.CurrentAsync(ct);
        var now = clock.GetUtcNow().UtcDateTime;
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = options.PublicUrl,
            Audience = Audience,
            TokenType = TokenType,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + Lifetime,
            Subject = new ClaimsIdentity(
            [
                new Claim(JwtRegisteredClaimNames.Sub, accountId.ToString()),
                new Claim(JwtRegisteredClaimNames.Sid, sessionId.ToString()),
            ]),
            SigningCredentials = new SigningCredentials(key.Key, SecurityAlgorithms.EcdsaSha256),
        });
    }

    /// <summary>What a token says; null when it is not ours, or not good at this moment.</summary>
    public async Task<AccessToken?> ReadAsync(string token, CancellationToken ct)
    {
        if (token.Length > LengthMax || !_handler.CanReadToken(token) || KeyIdOf(token) is not { } keyId
            || await keys.FindAsync(keyId, ct) is not { } key)
            return null;
        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ValidTypes = [TokenType],
            ValidIssuer = options.PublicUrl,
            ValidAudience = Audience,
            IssuerSigningKey = key.Key,
            LifetimeValidator = (from, until, _, _) => IsAlive(from, until),
        });
        return result is { IsValid: true, SecurityToken: JsonWebToken jwt }
            && Guid.TryParse(jwt.Subject, out var accountId)
            && jwt.TryGetPayloadValue<string>(JwtRegisteredClaimNames.Sid, out var sid)
            && Guid.TryParse(sid, out var sessionId)
                ? new AccessToken(accountId, sessionId, new DateTimeOffset(jwt.ValidTo, TimeSpan.Zero))
                : null;
    }

    public bool IsAlive(AccessToken token) => clock.GetUtcNow() < token.ExpiresAt;

    private bool IsAlive(DateTime? from, DateTime? until)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return from <= now + ClockSkew && now < until;
    }

    private string? KeyIdOf(string token)
    {
        try
        {
            return _handler.ReadJsonWebToken(token).Kid;
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException)
        {
            // Three parts with dots between, and no JSON in them.
            return null;
        }
    }
}
