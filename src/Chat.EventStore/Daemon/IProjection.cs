namespace Chat.EventStore;

/// <summary>A read model that follows the log page by page.</summary>
public interface IProjection
{
    /// <summary>The name; its progress is kept in <c>mt_event_progression</c> as <c>Name:All</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Applies a page of events, in order. All changes go through the given transaction, which also moves the progress
    /// and is committed by the daemon: each event is applied exactly once. A failure rolls the page back; it is tried
    /// again later.
    /// </summary>
    Task ApplyAsync(
        IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction, CancellationToken cancellationToken);
}
