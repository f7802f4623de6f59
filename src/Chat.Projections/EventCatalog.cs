using Chat.Domain;
using Chat.EventStore;

namespace Chat.Projections;

/// <summary>The events of the log, under the names that the domain gives them for ever.</summary>
public static class EventCatalog
{
    public static EventTypes MapChatEvents(this EventTypes types) =>
        StoredEventType.All.Aggregate(types, (mapped, one) => mapped.Map(one.Type, one.Alias));
}
