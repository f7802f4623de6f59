namespace Chat.EventStore;

/// <summary>What the database holds on a shard.</summary>
/// <param name="Position">The sequence up to which it has applied its events; 0 at the beginning.</param>
/// <param name="Epoch">Rises with each owner; 0 when there was none yet.</param>
/// <param name="Owner">The last owner.</param>
/// <param name="DeadLetters">Events skipped.</param>
/// <param name="Failing">The event at which it is paused.</param>
/// <param name="PendingSince">When the first event after the position was written; null when there is none.</param>
internal readonly record struct StoredProgress(
    long Position,
    long Epoch,
    string? Owner = null,
    long DeadLetters = 0,
    FailingEvent? Failing = null,
    DateTimeOffset? PendingSince = null);
