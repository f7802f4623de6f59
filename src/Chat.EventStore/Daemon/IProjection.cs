namespace Chat.EventStore;

/// <summary>A read model that follows the log page by page.</summary>
public interface IProjection
{
    /// <summary>
    /// The name; its progress is kept in <c>mt_event_progression</c> as <c>Name:All</c>, or as <c>Name:1of4</c> and so
    /// on when it runs in several shards.
    /// </summary>
    string Name { get; }

    /// <summary>
    /// In how many shards it runs, 1 to <see cref="ProjectionOptions.ShardsMax"/>. Each shard applies the events of its
    /// own streams, in order, in transactions of its own, possibly in another process. A stream belongs to the shard
    /// <c>1 + hash % Shards</c>, where hash is the 64-bit FNV-1a of the 16 bytes of the stream's id in the order in
    /// which it is written, its upper half XORed into the lower one.
    /// </summary>
    int Shards => 1;

    /// <summary>What happens to an event that cannot be applied.</summary>
    FailurePolicy OnFailure => FailurePolicy.Pause;

    /// <summary>
    /// Applies a page of events, in order. All changes go through the given transaction, which also moves the progress
    /// and is committed by the daemon: each event is applied exactly once. A failure rolls the page back. Then it is
    /// tried again, and after <see cref="ProjectionOptions.RetriesMax"/> retries in ever smaller parts, until the event
    /// that fails stands alone. The message of the exception is stored and shown, unless one of the events has personal
    /// data or is of a type that is not mapped: then only the kind of the exception is.
    /// </summary>
    Task ApplyAsync(
        IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction, CancellationToken cancellationToken);
}

/// <summary>What happens to an event that a projection cannot apply.</summary>
public enum FailurePolicy
{
    /// <summary>
    /// The shard stops before it, says so in its status, and tries again every <see
    /// cref="ProjectionOptions.PauseInterval"/>.
    /// </summary>
    Pause,

    /// <summary>
    /// It is recorded, see <see cref="ProjectionDaemon.DeadLettersAsync"/>, and the shard goes on behind it.
    /// </summary>
    Skip,
}
