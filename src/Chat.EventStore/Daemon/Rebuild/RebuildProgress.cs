namespace Chat.EventStore;

/// <summary>What a rebuild is doing.</summary>
public enum RebuildPhase
{
    /// <summary>Applies the log as it was when the rebuild began.</summary>
    Loading,

    /// <summary>Makes the secondary indexes and the planner's statistics.</summary>
    Indexing,

    /// <summary>Applies what was appended meanwhile, up to where the live model is.</summary>
    CatchingUp,

    /// <summary>Waits for readers that are still in the old model, and puts the new one in its place.</summary>
    Swapping,

    /// <summary>The new model is live.</summary>
    Done,
}

/// <summary>How far a rebuild is.</summary>
/// <param name="Projection">The projection.</param>
/// <param name="Phase">What it is doing.</param>
/// <param name="Done">Up to which sequence of the log it has come.</param>
/// <param name="Total">Up to which sequence it has to come; it grows while events are appended.</param>
/// <param name="Events">
/// How many events it has applied; fewer than <paramref name="Done"/> where numbers are missing.
/// </param>
/// <param name="EventsPerSecond">The average since the beginning.</param>
/// <param name="Elapsed">Since the beginning.</param>
/// <param name="Remaining">For <paramref name="Total"/>, at the rate so far; null while that cannot be told.</param>
public sealed record RebuildProgress(
    string Projection,
    RebuildPhase Phase,
    long Done,
    long Total,
    long Events,
    double EventsPerSecond,
    TimeSpan Elapsed,
    TimeSpan? Remaining);
