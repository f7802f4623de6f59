namespace Chat.EventStore;

/// <summary>
/// Fetches the next pages of a long stream on connections of their own. Versions have no gaps, so it is known without
/// reading a page where the next one begins; where the stream ends is not asked, as short streams would pay for it.
/// Where a page turns out short, what was fetched behind it is dropped, and the read goes on page after page: so a hole
/// in the stream, or a server that knows less than the one asked before, never leaves out an event.
/// </summary>
internal sealed class StreamReadAhead(
    LogReader log, Guid streamId, int pageEvents, long to, CancellationToken cancellationToken) : IAsyncDisposable
{
    /// <summary>Most pages ahead of the one that is worked on.</summary>
    public const int PagesMax = 2;

    private readonly ReadAhead ahead = new(log.Places);
    private readonly Queue<long> starts = new();
    private long next = long.MaxValue;

    /// <summary>Begins to fetch the pages from a version on.</summary>
    public void Start(long from)
    {
        next = from;
        Fill();
    }

    /// <summary>The page that begins at a version; null when it is not on its way.</summary>
    public async Task<LogPage?> TakeAsync(long from)
    {
        if (!starts.TryDequeue(out var start))
            return null;
        if (start == from && ahead.TryTake(out var fetched))
        {
            var page = await fetched;
            if (page.Events.Count == pageEvents)
                Fill();
            if (page.Events.Count > 0)
                return page;
        }

        next = long.MaxValue;
        starts.Clear();
        await ahead.DropAsync();
        return null;
    }

    public ValueTask DisposeAsync() => ahead.DisposeAsync();

    private void Fill()
    {
        while (next <= to && next < long.MaxValue - pageEvents && starts.Count < PagesMax)
        {
            var versions = (next, Math.Min(next + pageEvents - 1, to));
            if (!ahead.TryStart(() => FetchAsync(versions)))
                return;
            starts.Enqueue(next);
            next += pageEvents;
        }
    }

    // Where the range ends says nothing of the stream: whether that goes on shows in the page behind it.
    private async Task<LogPage> FetchAsync((long From, long To) versions)
    {
        var page = await log.ReadStreamPageAsync(
            streamId, StreamQuery.All, versions, pageEvents, readAhead: null, cancellationToken);
        return page with { IsLast = false };
    }
}
