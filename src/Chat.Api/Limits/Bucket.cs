namespace Chat.Api.Limits;

/// <summary>Which tokens: those of a limit, for somebody.</summary>
internal readonly record struct BucketKey(string Limit, Guid Subject, Guid Room = default)
{
    public override string ToString() => $"{Limit}|{Subject:N}|{Room:N}";

    public static bool TryParse(string text, out BucketKey key)
    {
        key = default;
        if (text.Split('|') is not [var limit, var subject, var room]
            || !Guid.TryParseExact(subject, "N", out var subjectId) || !Guid.TryParseExact(room, "N", out var roomId))
            return false;
        key = new BucketKey(limit, subjectId, roomId);
        return true;
    }
}

/// <summary>How many tokens there are at most, and how many come back in a second.</summary>
internal readonly record struct BucketSize(double Burst, double PerSecond)
{
    public static BucketSize Of(RateLimit limit, double scale) =>
        new(Math.Max(1, limit.Burst * scale), scale / limit.Refill.TotalSeconds);

    public double After(double tokens, TimeSpan elapsed) =>
        Math.Min(Burst, tokens + Math.Max(0, elapsed.TotalSeconds) * PerSecond);

    /// <summary>When there is a whole token.</summary>
    public TimeSpan UntilOne(double tokens) =>
        TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(1, 1_000 * (1 - tokens) / PerSecond)));
}

/// <summary>Where tokens are counted.</summary>
internal interface ITokenBuckets
{
    /// <summary>Takes a token: null; or there is none, and it says after what time there will be one.</summary>
    ValueTask<TimeSpan?> TakeAsync(BucketKey key, BucketSize size, CancellationToken ct);
}
