namespace Chat.GraphQL;

/// <summary>
/// A stretch of synchronous work on one thread in which data loaders only collect keys. When the outermost stretch
/// ends, all loaders that collected something are dispatched at once, and again until none is left.
/// Whoever queues a key is either inside such a stretch, which is left for certain, or hands the batch to the thread
/// pool: there is nothing to wait for that could fail to come, and so no deadlock.
/// </summary>
internal sealed class Wave : IDisposable
{
    [ThreadStatic]
    private static Wave? ofThread;

    private List<DataLoader> waiting = [];
    private List<DataLoader> dispatching = [];
    private int depth;

    private Wave()
    {
    }

    /// <summary>Opens a stretch on this thread, or one inside the open one.</summary>
    public static Wave Enter()
    {
        var wave = ofThread ??= new Wave();
        wave.depth++;
        return wave;
    }

    /// <summary>Lets the loader be dispatched at the end of the open stretch, or soon when there is none.</summary>
    public static void Schedule(DataLoader loader)
    {
        if (ofThread is { depth: > 0 } wave)
        {
            wave.waiting.Add(loader);
        }
        else
        {
            // Behind what is queued already, which may be about to load something, too.
            ThreadPool.QueueUserWorkItem(static l => l.Dispatch(), loader, preferLocal: false);
        }
    }

    public void Dispose()
    {
        // The stretch stays open while loaders run: what their synchronous continuations load forms the next round.
        while (depth == 1 && waiting.Count > 0)
        {
            (waiting, dispatching) = (dispatching, waiting);
            foreach (var loader in dispatching)
                loader.Dispatch();
            dispatching.Clear();
        }

        depth--;
    }
}
