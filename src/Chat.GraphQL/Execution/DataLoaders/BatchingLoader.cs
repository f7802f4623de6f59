using System.Collections.Concurrent;

namespace Chat.GraphQL;

/// <summary>
/// The queue and the cache of a data loader. Keys are deduplicated; a key is loaded once in the life of the loader,
/// whether that succeeds or fails.
/// </summary>
public abstract class BatchingLoader<TKey, TResult> : DataLoader
    where TKey : notnull
{
    private const int FirstKeys = 31;

    private readonly Lock gate = new();

    // A key that is known is found without the lock; only new keys take it.
    private readonly ConcurrentDictionary<TKey, TaskCompletionSource<TResult>> loads = new(1, FirstKeys);
    private List<TKey> queued = [];
    private CancellationToken queuedCancellation;

    private protected BatchingLoader()
    {
    }

    /// <summary>Keys of one batch at most; more keys become several batches that run side by side.</summary>
    protected virtual int MaxBatchSize => 1_000;

    /// <summary>
    /// The value of a key. The batch is cancelled by the token of its first key: all loads of an operation share one.
    /// </summary>
    public Task<TResult> LoadAsync(TKey key, CancellationToken ct)
    {
        if (loads.TryGetValue(key, out var known))
            return known.Task;
        bool first;
        // Continuations run inside the wave that completes the batch, so that what they load becomes one batch too.
        var load = new TaskCompletionSource<TResult>();
        lock (gate)
        {
            if (!loads.TryAdd(key, load))
                return loads[key].Task;
            first = queued.Count == 0;
            if (first)
                queuedCancellation = ct;
            queued.Add(key);
        }

        if (first)
            Wave.Schedule(this);
        return load.Task;
    }

    /// <summary>The values of several keys, in their order.</summary>
    public Task<TResult[]> LoadManyAsync(IEnumerable<TKey> keys, CancellationToken ct) =>
        Task.WhenAll(keys.Select(key => LoadAsync(key, ct)).ToArray());

    internal override void Dispatch()
    {
        List<TKey> keys;
        CancellationToken ct;
        lock (gate)
        {
            (keys, queued) = (queued, []);
            ct = queuedCancellation;
        }

        if (keys.Count <= MaxBatchSize)
            _ = RunAsync(keys, ct);
        else
            foreach (var chunk in keys.Chunk(MaxBatchSize))
                _ = RunAsync(chunk, ct);
    }

    private protected abstract Task<Func<TKey, TResult>> RunBatchAsync(IReadOnlyList<TKey> keys, CancellationToken ct);

    private async Task RunAsync(IReadOnlyList<TKey> keys, CancellationToken ct)
    {
        Func<TKey, TResult> results;
        try
        {
            results = await RunBatchAsync(keys, ct);
        }
        catch (Exception exception)
        {
            using (Wave.Enter())
                foreach (var key in keys)
                    loads[key].TrySetException(exception);
            return;
        }

        using (Wave.Enter())
            foreach (var key in keys)
                Complete(loads[key], results, key);
    }

    private static void Complete(TaskCompletionSource<TResult> load, Func<TKey, TResult> results, TKey key)
    {
        TResult result;
        try
        {
            result = results(key);
        }
        catch (Exception exception)
        {
            load.TrySetException(exception);
            return;
        }

        load.TrySetResult(result);
    }
}
