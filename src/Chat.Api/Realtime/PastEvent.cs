using Chat.EventStore;

namespace Chat.Api.Realtime;

/// <summary>
/// An event of a stay that is over, for whoever is not in the room any more: it shows what it said then, and nothing of
/// what became of it since.
/// </summary>
internal sealed record PastEvent(StoredEvent Stored);
