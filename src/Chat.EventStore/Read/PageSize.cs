namespace Chat.EventStore;

/// <summary>
/// How many events the next page asks for: fewer after a page that ended early because its events were large.
/// </summary>
internal sealed class PageSize
{
    private readonly int eventsMax;

    public PageSize(int eventsMax) => Next = this.eventsMax = eventsMax;

    public int Next { get; private set; }

    public void Learn(LogPage page) =>
        Next = page.EndedEarly ? Math.Max(1, page.Events.Count) : Math.Min(eventsMax, Next * 2);
}
