using System.Globalization;
using Chat.Api.Hosting;
using Chat.Api.Realtime.Backplanes;

namespace Chat.Api.Limits;

/// <summary>
/// Tokens in the memory of the node: what is taken costs no round trip. Of a bucket that is less than half full the
/// other nodes are told, and take as much from theirs, into debt if need be. So who uses several nodes at once gets at
/// most one burst more for each further node, once, and in the long run what the limit says.
/// </summary>
internal sealed class LocalBuckets : ITokenBuckets
{
    public const char Kind = 'l';

    /// <summary>Buckets in memory. Past it the fuller half is forgotten, and so starts anew.</summary>
    public const int BucketsMax = 100_000;

    private const int SweepMin = 1_000;

    private readonly Signals _signals;
    private readonly ChatOptions _options;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private readonly Dictionary<BucketKey, Bucket> _buckets = [];
    private int _sweepAt = SweepMin;

    public LocalBuckets(Signals signals, ChatOptions options, TimeProvider clock)
    {
        (_signals, _options, _clock) = (signals, options, clock);
        signals.On(Kind, Heard);
    }

    /// <summary>How many buckets are in memory.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _buckets.Count;
        }
    }

    public ValueTask<TimeSpan?> TakeAsync(BucketKey key, BucketSize size, CancellationToken ct)
    {
        lock (_lock)
        {
            var bucket = Refilled(key, size);
            if (bucket.Tokens < 1)
                return new(size.UntilOne(bucket.Tokens));
            bucket.Tokens--;
            bucket.Untold++;
            if (bucket.Tokens < size.Burst / 2)
            {
                // What has come back since it was taken concerns nobody.
                var missing = (int)Math.Min(bucket.Untold, Math.Ceiling(size.Burst - bucket.Tokens));
                _signals.Publish(Kind, string.Create(CultureInfo.InvariantCulture, $"{key}={missing}"));
                bucket.Untold = 0;
            }

            return new((TimeSpan?)null);
        }
    }

    private void Heard(Guid node, string text)
    {
        if (text.Split('=') is not [var name, var count] || !BucketKey.TryParse(name, out var key)
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var taken)
            || RateLimits.All.FirstOrDefault(limit => limit.Name == key.Limit) is not { } limit)
            return;
        lock (_lock)
        {
            var size = BucketSize.Of(limit, _options.RateLimitScale);
            var bucket = Refilled(key, size);
            bucket.Tokens = Math.Max(-size.Burst, bucket.Tokens - taken);
        }
    }

    private Bucket Refilled(BucketKey key, BucketSize size)
    {
        var now = _clock.GetTimestamp();
        if (_buckets.TryGetValue(key, out var bucket))
        {
            bucket.Tokens = TokensOf(bucket, now);
            bucket.At = now;
            return bucket;
        }

        if (_buckets.Count >= _sweepAt)
            Sweep(now);
        return _buckets[key] = new Bucket(size) { Tokens = size.Burst, At = now };
    }

    // A full bucket is like none.
    private void Sweep(long now)
    {
        foreach (var (key, bucket) in _buckets)
        {
            if (TokensOf(bucket, now) >= bucket.Size.Burst)
                _buckets.Remove(key);
        }

        if (_buckets.Count >= BucketsMax)
        {
            var fuller = _buckets.OrderByDescending(entry => TokensOf(entry.Value, now) / entry.Value.Size.Burst)
                .Take(BucketsMax / 2).Select(entry => entry.Key).ToList();
            fuller.ForEach(key => _buckets.Remove(key));
        }

        _sweepAt = Math.Clamp(2 * _buckets.Count, SweepMin, BucketsMax);
    }

    private double TokensOf(Bucket bucket, long now) =>
        bucket.Size.After(bucket.Tokens, _clock.GetElapsedTime(bucket.At, now));

    private sealed class Bucket(BucketSize size)
    {
        public BucketSize Size { get; } = size;

        public double Tokens { get; set; }

        public long At { get; set; }

        /// <summary>Taken here since the other nodes were told.</summary>
        public int Untold { get; set; }
    }
}
