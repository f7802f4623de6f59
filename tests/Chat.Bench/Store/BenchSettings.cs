using Chat.Bench.Store.Append;

namespace Chat.Bench.Store;

/// <summary>How much is measured.</summary>
/// <param name="Server">The connection string of a superuser; databases are made beside the one it names.</param>
/// <param name="Rounds">How often each thing is measured.</param>
/// <param name="Appends">How the append rows append.</param>
internal sealed record BenchSettings(string Server, int Rounds, AppendSettings Appends)
{
    private const int SeedOfAll = 20261121;

    /// <summary>Events of the log that projections catch up with.</summary>
    public int CatchUpEvents { get; private init; } = 300_000;

    /// <summary>Events of the log that is rebuilt from.</summary>
    public int RebuildEvents { get; private init; } = 1_000_000;

    /// <summary>Events of the large log.</summary>
    public int LargeLogEvents { get; private init; } = 10_000_000;

    /// <summary>How long the tail is fed.</summary>
    public TimeSpan TailTime { get; private init; } = TimeSpan.FromSeconds(10);

    public static BenchSettings Full(string server, IdKind ids) =>
        new(server, 5, new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), ids, SeedOfAll));

    /// <summary>To see whether something moved, not to write down.</summary>
    public static BenchSettings Quick(string server, IdKind ids) =>
        new(server, 3, new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), ids, SeedOfAll))
        {
            CatchUpEvents = 100_000,
            RebuildEvents = 200_000,
            LargeLogEvents = 1_000_000,
            TailTime = TimeSpan.FromSeconds(3),
        };
}
