namespace Chat.EventStore;

/// <summary>How far a projection is, as far as this process knows.</summary>
/// <param name="Name">The projection.</param>
/// <param name="Shards">Its shards.</param>
public sealed record ProjectionStatus(string Name, IReadOnlyList<ShardStatus> Shards)
{
    /// <summary>The sequence up to which every shard has applied its events.</summary>
    public long Position => Shards.Min(one => one.Position);

    /// <summary>Sequence numbers between the position and the end of the log; 0 when it is up to date.</summary>
    public long LagEvents => Shards.Max(one => one.LagEvents);

    /// <summary>The age in milliseconds of the oldest event that a shard has not applied; 0 without one.</summary>
    public double LagMs => Shards.Max(one => one.LagMs);

    /// <summary>The state of the shard that is worst off.</summary>
    public ShardState State => Shards.Max(one => one.State);

    /// <summary>The node that runs all shards; null when none is known or there are several.</summary>
    public string? Owner => Shards.All(one => one.Owner == Shards[0].Owner) ? Shards[0].Owner : null;

    /// <summary>Whether this process runs all shards.</summary>
    public bool OwnedHere => Shards.All(one => one.OwnedHere);

    /// <summary>What went wrong last in one of the shards; null when all is well.</summary>
    public string? LastError => Shards.Select(one => one.LastError).FirstOrDefault(one => one is not null);

    /// <summary>Events skipped because they could not be applied.</summary>
    public long DeadLetters => Shards.Sum(one => one.DeadLetters);
}

/// <summary>How far one shard of a projection is, as far as this process knows.</summary>
/// <param name="Name">The name of its progress, such as <c>Name:All</c> or <c>Name:1of4</c>.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Position">The sequence up to which it has applied its events.</param>
/// <param name="LagEvents">
/// Sequence numbers between the position and the end of the log; 0 when it is up to date.
/// </param>
/// <param name="LagMs">
/// The age of the oldest event after the position, in milliseconds; 0 when it is up to date.
/// </param>
/// <param name="Owner">The node that runs it; null when none is known.</param>
/// <param name="OwnedHere">Whether this process runs it.</param>
/// <param name="LastError">
/// What went wrong last; null once it goes well again, for a failed page once that page is applied.
/// </param>
/// <param name="Failing">The event that cannot be applied, while the shard is paused.</param>
/// <param name="DeadLetters">Events skipped because they could not be applied.</param>
public sealed record ShardStatus(
    string Name,
    ShardState State,
    long Position,
    long LagEvents,
    double LagMs,
    string? Owner,
    bool OwnedHere,
    string? LastError,
    FailingEvent? Failing,
    long DeadLetters);

/// <summary>What a shard is doing, from well to worst.</summary>
public enum ShardState
{
    /// <summary>This process runs it, and it is at the end of the log or close to it.</summary>
    Running,

    /// <summary>Another process runs it, or none does yet.</summary>
    Standby,

    /// <summary>This process runs it, and it is far behind the end of the log.</summary>
    CatchingUp,

    /// <summary>Something failed and is being tried again.</summary>
    Retrying,

    /// <summary>It stopped before an event that it cannot apply.</summary>
    Paused,

    /// <summary>
    /// The number of shards was changed while they stood at different positions: the projection must be rebuilt.
    /// </summary>
    Refused,
}
