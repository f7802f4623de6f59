using Chat.Domain;
using Chat.EventStore;
using Chat.Projections;

namespace Chat.Api.Tests;

/// <summary>What each event looks like in the log, the domain's own tests say.</summary>
public sealed class EventCatalogTests
{
    [Fact]
    public void The_log_stores_every_event_of_the_domain_under_its_alias()
    {
        // Mapping also checks that personal data and its subjects fit together.
        var types = new EventTypes().MapChatEvents();
        foreach (var (type, alias) in StoredEventType.All)
            types.AliasFor(type).ShouldBe(alias);
    }
}
