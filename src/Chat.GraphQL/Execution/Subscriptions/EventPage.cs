namespace Chat.GraphQL;

/// <summary>Events that a source has ready at once, whatever their type is.</summary>
public abstract class EventPage
{
    private protected EventPage()
    {
    }

    internal abstract int Count { get; }

    internal abstract object? this[int index] { get; }
}

/// <summary>
/// Events that a source has ready at once, in their order. A source stream of pages is one of the events in them: each
/// has a response of its own. The events of a page are executed together, so that data loaders load for all of them at
/// once and scoped services serve all of them; of a large page a bounded number at a time, and the next ones while the
/// client takes the responses before. A page of one event is executed as an event is, and may be shared.
/// </summary>
/// <typeparam name="TEvent">The event that resolvers are given.</typeparam>
/// <param name="events">
/// Any number of them. They stay in memory until the last response is taken: the source bounds their bytes.
/// </param>
public sealed class EventPage<TEvent>(IReadOnlyList<TEvent> events) : EventPage
{
    /// <summary>A page of one event.</summary>
    public EventPage(TEvent only)
        : this([only])
    {
    }

    internal override int Count => events.Count;

    internal override object? this[int index] => events[index];
}
