namespace Chat.EventStore;

/// <summary>How far a projection is, as far as this process knows.</summary>
/// <param name="Name">The projection.</param>
/// <param name="Position">The sequence of the last event applied.</param>
/// <param name="Lag">Sequence numbers between the position and the end of the log; 0 when it is up to date.</param>
/// <param name="Owner">The node that runs it; null when none is known.</param>
/// <param name="OwnedHere">Whether this process runs it.</param>
/// <param name="LastError">
/// What went wrong last; null once it goes well again, for a failed page once that page is applied.
/// </param>
public sealed record ProjectionStatus(
    string Name, long Position, long Lag, string? Owner, bool OwnedHere, string? LastError);
