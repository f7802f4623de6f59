using System.Collections.Concurrent;

namespace Chat.GraphQL;

/// <summary>
/// The queue and the cache of a data loader. Keys are deduplicated; a key is loaded once in the life of the loader,
/// whether that succeeds or fails.
/// </summary>
/// <typeparam name="TKey">The key; equal keys are loaded once.</typeparam>
/// <typeparam name="TResult">What is loaded for a key.</typeparam>
public abstract class BatchingLoader<TKey, TResult> : DataLoader
    where TKey : notnull
{
    private const int FirstKeys = 31;

    private readonly Lock gate = new();

    // What is loaded is found without the lock; only what is not yet takes it.
    private readonly ConcurrentDictionary<TKey, Load> loads = new(1, FirstKeys);
    private List<Batch> queued = [];

    // Batches that are queued or running.
    private int open;
    private TaskCompletionSource? quiet;

    private protected BatchingLoader()
    {
    }

    /// <summary>
    /// Keys of one batch at most, at least 1; more keys become several batches that run side by side.
    /// </summary>
    protected virtual int MaxBatchSize => 1_000;

    /// <summary>
    /// The value of a key. The batch is cancelled by the token of its first key: all loads of an operation share one.
    /// A load that its own batch waits for fails with an <see cref="InvalidOperationException"/>: loaders that load
    /// from each other cannot wait for each other.
    /// </summary>
    public Task<TResult> LoadAsync(TKey key, CancellationToken ct)
    {
        if (loads.TryGetValue(key, out var load) && load.Loaded is { } loaded)
            return loaded;
        var isFirst = false;
        Task<TResult> waited;
        lock (gate)
        {
            if (load is null && !loads.TryGetValue(key, out load))
            {
                isFirst = queued.Count == 0;
                load = Enqueue(key, ct);
            }

            waited = load.Wait();
        }

        if (isFirst)
            Wave.Schedule(this);
        return waited.IsCompleted || load.Batch.MayBeWaitedFor()
            ? waited
            : Task.FromException<TResult>(new InvalidOperationException(
                $"{GetType().Name} waits for itself: loading {key} needs {key}, or a key of the same batch."));
    }

    /// <summary>The values of several keys, in their order.</summary>
    public Task<TResult[]> LoadManyAsync(IEnumerable<TKey> keys, CancellationToken ct)
    {
        Task<TResult>[] loading;
        // One stretch: elsewhere the first key would be on its way before the others are queued.
        using (Wave.Enter())
            loading = [.. keys.Select(key => LoadAsync(key, ct))];
        return Task.WhenAll(loading);
    }

    internal override bool IsQuiet
    {
        get
        {
            lock (gate)
                return open == 0;
        }
    }

    internal override Task WhenQuietAsync()
    {
        lock (gate)
        {
            if (open == 0)
                return Task.CompletedTask;
            quiet ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return quiet.Task;
        }
    }

    internal override void Dispatch()
    {
        List<Batch> batches;
        lock (gate)
            (batches, queued) = (queued, []);
        foreach (var batch in batches)
            _ = batch.RunAsync(this);
    }

    private protected abstract Task<Func<TKey, TResult>> RunBatchAsync(IReadOnlyList<TKey> keys, CancellationToken ct);

    private Load Enqueue(TKey key, CancellationToken ct)
    {
        if (queued.Count == 0 || queued[^1].Loads.Count >= MaxBatchSize)
        {
            queued.Add(new Batch(ct));
            open++;
        }

        var load = new Load(key, queued[^1]);
        loads[key] = load;
        load.Batch.Loads.Add(load);
        return load;
    }

    private void OnLoaded(List<Load> loaded, List<Task<TResult>> outcomes)
    {
        lock (gate)
        {
            for (var i = 0; i < loaded.Count; i++)
                loaded[i].Loaded = outcomes[i];
            open--;
        }
    }

    /// <summary>What went on with the values of a batch may have queued the next one.</summary>
    private void OnCompleted()
    {
        lock (gate)
        {
            if (open > 0)
                return;
            quiet?.SetResult();
            quiet = null;
        }
    }

    /// <summary>
    /// What a key is waited for with. Continuations run inside the wave that completes the batch, so that what they
    /// load becomes one batch too. Of several continuations of one task the runtime runs one there and hands the others
    /// to the thread pool; so each who waits has a task of their own, and nobody waits any more for what is loaded.
    /// </summary>
    private sealed class Load(TKey key, Batch batch)
    {
        private readonly List<TaskCompletionSource<TResult>> waiters = new(1);
        private volatile Task<TResult>? loaded;

        public TKey Key { get; } = key;

        public Batch Batch { get; } = batch;

        /// <summary>How the load ended, once it has; set by who holds the lock.</summary>
        public Task<TResult>? Loaded
        {
            get => loaded;
            set => loaded = value;
        }

        /// <summary>The task of one who waits. The caller holds the lock.</summary>
        public Task<TResult> Wait()
        {
            if (loaded is not null)
                return loaded;
            var waiter = new TaskCompletionSource<TResult>();
            waiters.Add(waiter);
            return waiter.Task;
        }

        /// <summary>Lets all go on, once it is loaded and nobody begins to wait any more.</summary>
        public void Release()
        {
            foreach (var waiter in waiters)
                waiter.SetFromTask(loaded!);
            waiters.Clear();
        }
    }

    private sealed class Batch(CancellationToken ct) : LoadBatch
    {
        public List<Load> Loads { get; } = [];

        public bool MayBeWaitedFor() => TryWait();

        public async Task RunAsync(BatchingLoader<TKey, TResult> loader)
        {
            Begin();
            List<Task<TResult>> outcomes;
            try
            {
                var results = await loader.RunBatchAsync([.. Loads.Select(load => load.Key)], ct);
                outcomes = Loads.ConvertAll(load => Outcome(load.Key, results));
            }
            catch (Exception exception)
            {
                var failure = Task.FromException<TResult>(exception);
                outcomes = Loads.ConvertAll(_ => failure);
            }

            End();
            loader.OnLoaded(Loads, outcomes);
            using (Wave.Enter())
                Loads.ForEach(static load => load.Release());
            loader.OnCompleted();
        }

        private static Task<TResult> Outcome(TKey key, Func<TKey, TResult> results)
        {
            try
            {
                return Task.FromResult(results(key));
            }
            catch (Exception exception)
            {
                return Task.FromException<TResult>(exception);
            }
        }
    }
}
