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
internal sealed class ReadAhead(ReadAheadPlaces places, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping =
        CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

    private readonly Queue<Task<LogPage>> pages = new();

    public int Count => pages.Count;

    /// <summary>Begins to fetch a page, if there is a connection to spare.</summary>
    public bool TryStart(Func<CancellationToken, Task<LogPage>> fetch)
    {
        if (!places.TryTake())
            return false;
        pages.Enqueue(FetchAsync(fetch));
        return true;
    }

    public bool TryTake([NotNullWhen(true)] out Task<LogPage>? page) => pages.TryDequeue(out page);

    /// <summary>Gives up what was begun.</summary>
    public async ValueTask DisposeAsync()
    {
        if (pages.Count > 0)
            await stopping.CancelAsync();
        while (pages.TryDequeue(out var page))
            await ((Task)page).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async Task<LogPage> FetchAsync(Func<CancellationToken, Task<LogPage>> fetch)
    {
        try
        {
            return await fetch(stopping.Token);
        }
        finally
        {
            places.Return();
        }
    }
}
