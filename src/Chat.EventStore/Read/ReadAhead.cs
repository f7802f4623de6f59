using System.Diagnostics.CodeAnalysis;

namespace Chat.EventStore;

/// <summary>
/// The connections that reads may take beyond the one each needs. Nobody waits for one: where none is free, a read
/// fetches its pages one after the other.
/// </summary>
internal sealed class ReadAheadPlaces(int connections)
{
    private int free = connections;

    public int Free => Volatile.Read(ref free);

    public bool TryTake()
    {
        if (Interlocked.Decrement(ref free) >= 0)
            return true;
        Interlocked.Increment(ref free);
        return false;
    }

    public void Return() => Interlocked.Increment(ref free);
}

/// <summary>Pages that are fetched while the caller works on those before, oldest first.</summary>
internal sealed class ReadAhead(ReadAheadPlaces places) : IAsyncDisposable
{
    private readonly Queue<Task<LogPage>> pages = new();

    /// <summary>Begins to fetch a page, if there is a connection to spare.</summary>
    public bool TryStart(Func<Task<LogPage>> fetch)
    {
        if (!places.TryTake())
            return false;
        pages.Enqueue(FetchAsync(fetch));
        return true;
    }

    public bool TryTake([NotNullWhen(true)] out Task<LogPage>? page) => pages.TryDequeue(out page);

    /// <summary>
    /// Gives up what was begun. It is not cancelled: a cancel needs a connection of its own, and a page is short.
    /// </summary>
    public async Task DropAsync()
    {
        while (pages.TryDequeue(out var page))
            await ((Task)page).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync() => await DropAsync();

    private async Task<LogPage> FetchAsync(Func<Task<LogPage>> fetch)
    {
        try
        {
            return await fetch();
        }
        finally
        {
            places.Return();
        }
    }
}
