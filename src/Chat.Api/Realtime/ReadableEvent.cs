using Chat.EventStore;

namespace Chat.Api.Realtime;

internal static class ReadableEvent
{
    /// <summary>
    /// The data of an event; null where it cannot be read. What is routed by its data goes nowhere then, and nobody
    /// else is held up by it.
    /// </summary>
    public static object? DataOrNull(this StoredEvent stored)
    {
        try
        {
            return stored.Data;
        }
        catch (UnreadableEventException)
        {
            return null;
        }
    }
}
