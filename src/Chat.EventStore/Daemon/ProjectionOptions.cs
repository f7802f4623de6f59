namespace Chat.EventStore;

/// <summary>Limits of a <see cref="ProjectionDaemon"/>.</summary>
public sealed class ProjectionOptions
{
    /// <summary>Most shards of one projection.</summary>
    public const int ShardsMax = 64;

    /// <summary>Most characters of an error that are kept with an event.</summary>
    public const int ErrorTextMax = 2000;

    /// <summary>Most dead letters in one page.</summary>
    public const int DeadLetterPageMax = 1000;

    /// <summary>
    /// How often a node that is not the owner tries to become it; with the 3 s in which the server notices that an
    /// owner's machine is gone it bounds the takeover. At most 1.5 s, so that this takes less than 5 s.
    /// </summary>
    public TimeSpan OwnershipInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How often an owner that has nothing to do, or is paused, checks that it still is the owner; also how long it
    /// waits for the answer.
    /// </summary>
    public TimeSpan OwnerCheckInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// First delay before a failed page is tried again; it doubles up to <see cref="RetryDelayMax"/>.
    /// </summary>
    public TimeSpan RetryDelayMin { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest delay before a failed page, or a lost connection, is tried again.</summary>
    public TimeSpan RetryDelayMax { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a page that fails is tried again before the event that fails is looked for.</summary>
    public int RetriesMax { get; set; } = 3;

    /// <summary>
    /// How long a paused shard, or one whose sharding was changed so that it cannot go on, waits until it tries again.
    /// </summary>
    public TimeSpan PauseInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often the progress of a projection that this process does not own is read while somebody waits for it and no
    /// announcement comes; once for all who wait.
    /// </summary>
    public TimeSpan WaitPollInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Sequence numbers behind the end of the log from which on a shard counts as catching up.</summary>
    public long CatchingUpEvents { get; set; } = 10_000;

    /// <summary>
    /// Most events that are looked through when the number of shards is changed, to show that shards which stand at
    /// different positions have in truth applied the same.
    /// </summary>
    public int ReshardScanEvents { get; set; } = 100_000;

    internal void Validate()
    {
        Require(
            OwnershipInterval > TimeSpan.Zero && OwnershipInterval <= TimeSpan.FromSeconds(1.5),
            $"{nameof(OwnershipInterval)} must be positive and at most 1.5 s.");
        Require(
            OwnerCheckInterval > TimeSpan.Zero && OwnerCheckInterval <= TimeSpan.FromHours(1),
            $"{nameof(OwnerCheckInterval)} must be positive and at most an hour.");
        Require(
            RetryDelayMin > TimeSpan.Zero && RetryDelayMin <= RetryDelayMax,
            "Retry delays must be positive and in order.");
        Require(RetriesMax >= 0, $"{nameof(RetriesMax)} must not be negative.");
        Require(
            PauseInterval > TimeSpan.Zero && PauseInterval <= TimeSpan.FromDays(1),
            $"{nameof(PauseInterval)} must be positive and at most a day.");
        Require(WaitPollInterval > TimeSpan.Zero, $"{nameof(WaitPollInterval)} must be positive.");
        Require(CatchingUpEvents > 0, $"{nameof(CatchingUpEvents)} must be positive.");
        Require(ReshardScanEvents > 0, $"{nameof(ReshardScanEvents)} must be positive.");
    }

    private static void Require(bool holds, string sentence)
    {
        if (!holds)
            throw new InvalidOperationException(sentence);
    }
}
