using System.Globalization;
using Chat.Api.Realtime.Backplanes;
using StackExchange.Redis;

namespace Chat.Api.Limits;

/// <summary>
/// Tokens in Redis for all nodes: one script, which Redis runs alone. Its clock counts. While Redis is away, each node
/// counts for itself.
/// </summary>
internal sealed class RedisBuckets(RedisConnection redis, LocalBuckets local, ILogger<RedisBuckets> logger)
    : ITokenBuckets
{
    private const string Take =
        """
        local burst, per_second = tonumber(ARGV[1]), tonumber(ARGV[2])
        local time = redis.call('TIME')
        local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
        local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
        local tokens = tonumber(bucket[1]) or burst
        local at = tonumber(bucket[2]) or now
        tokens = math.min(burst, tokens + math.max(0, now - at) * per_second)
        local taken = tokens >= 1
        if taken then tokens = tokens - 1 end
        redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens), 'at', string.format('%.6f', now))
        redis.call('PEXPIRE', KEYS[1], math.ceil(1000 * (burst - tokens) / per_second) + 1000)
        return taken and '' or string.format('%.6f', tokens)
        """;

    public async ValueTask<TimeSpan?> TakeAsync(BucketKey key, BucketSize size, CancellationToken ct)
    {
        try
        {
            var database = (await redis.OpenAsync(ct)).GetDatabase();
            var tokens = (string?)await database
                .ScriptEvaluateAsync(Take, [$"{redis.Prefix}bucket|{key}"], [size.Burst, size.PerSecond])
                .WaitAsync(ct);
            return string.IsNullOrEmpty(tokens)
                ? null
                : size.UntilOne(double.Parse(tokens, CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            logger.LogDebug(e, "Redis does not count; this node does.");
            return await local.TakeAsync(key, size, ct);
        }
    }
}
