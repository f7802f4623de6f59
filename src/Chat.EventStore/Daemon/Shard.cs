using System.Globalization;

namespace Chat.EventStore;

/// <summary>One of the shards in which a projection runs, with the name that its progress has.</summary>
internal sealed record Shard(string Projection, int Number, int Count)
{
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    /// <summary>The name in Marten's progress table; that of a single shard is Marten's own.</summary>
    public string Name { get; } = Count == 1 ? $"{Projection}:All" : $"{Projection}:{Number}of{Count}";

    /// <summary>What the names of all shards of a projection begin with.</summary>
    public static string PrefixOf(string projection) => $"{projection}:";

    public static IReadOnlyList<Shard> AllOf(string projection, int count) =>
        [.. Enumerable.Range(1, count).Select(number => new Shard(projection, number, count))];

    /// <summary>The shard that a progress row is of; null for a row that is none of the projection's.</summary>
    public static Shard? Parse(string projection, string name)
    {
        var prefix = PrefixOf(projection);
        if (!name.StartsWith(prefix, StringComparison.Ordinal))
            return null;
        if (name.AsSpan(prefix.Length) is "All")
            return new(projection, 1, 1);
        return name[prefix.Length..].Split("of") is [var number, var count]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsedNumber)
            && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var parsedCount)
            && new Shard(projection, parsedNumber, parsedCount) is { Count: > 1 and <= ProjectionOptions.ShardsMax } one
            && one.Number >= 1 && one.Number <= one.Count && one.Name == name
                ? one
                : null;
    }

    /// <summary>The number of the shard that a stream belongs to, see <see cref="IProjection.Shards"/>.</summary>
    public static int NumberOf(Guid streamId, int count)
    {
        if (count == 1)
            return 1;
        Span<byte> bytes = stackalloc byte[16];
        streamId.TryWriteBytes(bytes, bigEndian: true, out _);
        var hash = FnvOffset;
        foreach (var one in bytes)
            hash = unchecked((hash ^ one) * FnvPrime);
        hash ^= hash >> 32;
        return 1 + (int)((uint)hash % (uint)count);
    }

    /// <summary>Whether the events of a stream are this shard's.</summary>
    public bool Has(Guid streamId) => NumberOf(streamId, Count) == Number;

    /// <summary>The events of a page that are this shard's.</summary>
    public IReadOnlyList<StoredEvent> In(IReadOnlyList<StoredEvent> page) =>
        Count == 1 ? page : [.. page.Where(one => Has(one.StreamId))];
}
