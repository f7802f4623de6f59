namespace Chat.EventStore;

/// <summary>Limits of a <see cref="ProjectionRebuild"/>.</summary>
public sealed class RebuildOptions
{
    /// <summary>
    /// Most events in a page of a rebuild; <see cref="EventStoreOptions.ReadPageBytes"/> ends a page too.
    /// </summary>
    public int PageEvents { get; set; } = 5000;

    /// <summary>
    /// Pages that are read and decoded side by side, ahead of the one in work; each has a connection of its own.
    /// </summary>
    public int Readers { get; set; } = 2;

    /// <summary>
    /// Pages that are written side by side where their order does not matter; each has a connection of its own.
    /// </summary>
    public int Writers { get; set; } = 2;

    /// <summary>
    /// Most states of a fold kept in memory, up to a page more. With more of them than that, they live in the table and
    /// are loaded where they are needed again.
    /// </summary>
    public int StatesMax { get; set; } = 200_000;

    /// <summary>Shortest time between two reports of the progress, unless a phase ends.</summary>
    public TimeSpan ReportInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Most events that may be missing when the swap begins: the live model stands still while they are applied.
    /// </summary>
    public int SwapGapEvents { get; set; } = 1000;

    /// <summary>
    /// How long a live model that is behind the new one may make no step before the swap goes ahead without it. Until
    /// then it is waited for.
    /// </summary>
    public TimeSpan LivePatience { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long the live model may stand still while one attempt at the swap waits for readers. They are not held up.
    /// </summary>
    public TimeSpan StandstillMax { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long the server lets the swap be silent while the live model stands still: a rebuild that hangs there fails.
    /// </summary>
    public TimeSpan SwapIdleTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the swap waits for the tables at a time: who wants to read them meanwhile waits that long at most. Keep
    /// it below PostgreSQL's <c>deadlock_timeout</c> (1 s).
    /// </summary>
    public TimeSpan TableLockTimeout { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long to let the live model go on between two attempts at the swap.</summary>
    public TimeSpan SwapRetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long to wait in all for transactions that read the live model, or began to read before the new one was
    /// complete; then the rebuild fails.
    /// </summary>
    public TimeSpan SwapPatience { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Most events that a rebuild skips, of a projection that skips what it cannot apply; with more it fails.
    /// </summary>
    public int DeadLettersMax { get; set; } = 10_000;

    /// <summary>
    /// How often a rebuild starts over because personal data was erased meanwhile; then it fails.
    /// </summary>
    public int ErasureRestartsMax { get; set; } = 3;

    internal void Validate()
    {
        Require(PageEvents > 0, $"{nameof(PageEvents)} must be positive.");
        Require(Readers > 0 && Writers > 0, $"{nameof(Readers)} and {nameof(Writers)} must be positive.");
        Require(StatesMax > 0, $"{nameof(StatesMax)} must be positive.");
        Require(ReportInterval > TimeSpan.Zero, $"{nameof(ReportInterval)} must be positive.");
        Require(SwapGapEvents >= 0, $"{nameof(SwapGapEvents)} must not be negative.");
        Require(LivePatience >= TimeSpan.Zero, $"{nameof(LivePatience)} must not be negative.");
        Require(
            TableLockTimeout.TotalMilliseconds >= 1 && TableLockTimeout <= StandstillMax,
            $"{nameof(TableLockTimeout)} must be 1 ms to {nameof(StandstillMax)}.");
        Require(
            SwapIdleTimeout > TableLockTimeout && SwapIdleTimeout <= TimeSpan.FromDays(1),
            $"{nameof(SwapIdleTimeout)} must be more than {nameof(TableLockTimeout)}, and at most a day.");
        Require(
            StandstillMax <= SwapPatience && SwapRetryDelay > TimeSpan.Zero,
            $"{nameof(SwapPatience)} must be at least {nameof(StandstillMax)}, and the delay positive.");
        Require(DeadLettersMax >= 0, $"{nameof(DeadLettersMax)} must not be negative.");
        Require(ErasureRestartsMax >= 0, $"{nameof(ErasureRestartsMax)} must not be negative.");
    }

    private static void Require(bool holds, string sentence)
    {
        if (!holds)
            throw new InvalidOperationException(sentence);
    }
}
