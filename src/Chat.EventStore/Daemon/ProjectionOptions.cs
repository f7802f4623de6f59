namespace Chat.EventStore;

/// <summary>Limits of a <see cref="ProjectionDaemon"/>.</summary>
public sealed class ProjectionOptions
{
    /// <summary>
    /// How often a node that is not the owner tries to become it; bounds the takeover after the owner's death.
    /// </summary>
    public TimeSpan OwnershipInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// First delay before a failed page is tried again; it doubles up to <see cref="RetryDelayMax"/>.
    /// </summary>
    public TimeSpan RetryDelayMin { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest delay before a failed page is tried again.</summary>
    public TimeSpan RetryDelayMax { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often a waiting node that does not own the projection reads its progress, when no notification comes.
    /// </summary>
    public TimeSpan WaitPollInterval { get; set; } = TimeSpan.FromMilliseconds(100);
}
