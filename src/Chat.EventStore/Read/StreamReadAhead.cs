namespace Chat.EventStore;

/// <summary>
/// Fetches the next pages of a long stream on connections of their own. Versions have no gaps, so it is known without
/// reading a page where the next one begins. Where that turns out wrong, what was fetched is dropped, and the read goes
/// on page after page: so a hole in the stream, or a server that knows less than the one asked before, never leaves out
/// an event.
/// </summary>
internal sealed class StreamReadAhead(
    LogReader log, Guid streamId, int pageEvents, long to, CancellationToken cancellationToken) : IAsyncDisposable
{
    /// <summary>Most pages ahead of the one that is worked on.</summary>
    public const int PagesMax = 2;

    private readonly ReadAhead ahead = new(log.Places, cancellationToken);
    private readonly Queue<long> starts = new();
    private long next;
    private long last = -1;

    /// <summary>Begins to fetch from a version on.</summary>
    /// <param name="from">Where the second page begins.</param>
    /// <param name="lastVersion">Where the stream ended just now.</param>
    public void Start(long from, long lastVersion)
    {
        (next, last) = (from, Math.Min(lastVersion, to));
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
            if (page.Events.Count > 0 || page.IsLast)
            {
                Fill();
                return page;
            }
        }

        await DropAsync();
        return null;
    }

    public ValueTask DisposeAsync() => ahead.DisposeAsync();

    private void Fill()
    {
        while (next <= last && starts.Count < PagesMax)
        {
            var from = next;
            if (!ahead.TryStart(token => FetchAsync(from, token)))
                return;
            starts.Enqueue(from);
            next += pageEvents;
        }
    }

    // The last page is not bounded by where the stream ended, so that it tells whether that is still its end.
    private async Task<LogPage> FetchAsync(long from, CancellationToken stopping)
    {
        var isLast = from + pageEvents > last;
        var through = isLast ? to : from + pageEvents - 1;
        var page = await log.ReadStreamPageAsync(
            streamId, StreamQuery.All, (from, through), pageEvents, sawLast: null, stopping);
        return isLast ? page : page with { IsLast = false };
    }

    private async Task DropAsync()
    {
        last = -1;
        starts.Clear();
        await ahead.DisposeAsync();
    }
}
