using System.Security.Cryptography;
using System.Text;
using Chat.Api.Hosting;
using Chat.Domain;

namespace Chat.Api.Limits;

/// <summary>
/// Counts what people do. Addresses and e-mail addresses are counted by their HMAC: no table and no signal shows them.
/// </summary>
internal sealed class RateLimiter(ITokenBuckets exact, LocalBuckets local, ChatOptions options)
{
    public const string Code = "RATE_LIMITED";

    private readonly byte[] _key =
        HKDF.DeriveKey(HashAlgorithmName.SHA256, options.MasterKeyValue, 32, info: "rate limits"u8.ToArray());

    /// <summary>How many sockets an account may have.</summary>
    public int SocketsMax { get; } =
        (int)Math.Clamp(RateLimits.SocketsMax * options.RateLimitScale, 1, RateLimits.ScaleMax);

    /// <summary>Null: it may be done, and is counted. In a room, a limit may count for that room.</summary>
    public async ValueTask<Refusal?> TakeAsync(
        RateLimit limit, Guid subject, CancellationToken ct, Guid roomId = default)
    {
        var buckets = limit.IsExact ? exact : local;
        var key = new BucketKey(limit.Name, subject, roomId);
        return await buckets.TakeAsync(key, BucketSize.Of(limit, options.RateLimitScale), ct) is { } wait
            ? Refused(wait)
            : null;
    }

    /// <summary>The same for somebody who is known by a text only, such as an address.</summary>
    public ValueTask<Refusal?> TakeAsync(RateLimit limit, string subject, CancellationToken ct) =>
        TakeAsync(limit, new Guid(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(subject)).AsSpan(0, 16)), ct);

    private static Refusal Refused(TimeSpan wait) =>
        new(Code, "That was too much at once. Try again in a little while.") { RetryAfter = wait };
}
