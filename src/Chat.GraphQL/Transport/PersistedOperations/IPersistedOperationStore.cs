namespace Chat.GraphQL;

/// <summary>
/// Documents that clients name instead of sending them (GraphQL over HTTP, "Persisted Documents"). One instance serves
/// all requests.
/// </summary>
public interface IPersistedOperationStore
{
    /// <summary>The document's text; null when there is none. An exception is answered with INTERNAL.</summary>
    /// <param name="id">
    /// The id as the client sent it; of a SHA-256 identifier only the 64 lower-case hex digits, without its prefix.
    /// </param>
    /// <param name="ct">Fires when the client is gone.</param>
    ValueTask<string?> FindAsync(string id, CancellationToken ct);
}
