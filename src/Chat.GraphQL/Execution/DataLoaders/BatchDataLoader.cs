namespace Chat.GraphQL;

/// <summary>Loads one value per key, many keys at a time.</summary>
/// <typeparam name="TKey">The key; equal keys are loaded once.</typeparam>
/// <typeparam name="TValue">The value; a key that the batch does not answer has the default value, null.</typeparam>
public abstract class BatchDataLoader<TKey, TValue> : BatchingLoader<TKey, TValue?>
    where TKey : notnull
{
    /// <summary>Loads a batch. Keys are distinct; those without a value may be missing from the answer.</summary>
    protected abstract Task<IReadOnlyDictionary<TKey, TValue>> LoadBatchAsync(
        IReadOnlyList<TKey> keys, CancellationToken ct);

    private protected sealed override async Task<Func<TKey, TValue?>> RunBatchAsync(
        IReadOnlyList<TKey> keys, CancellationToken ct)
    {
        var values = await LoadBatchAsync(keys, ct);
        return key => values.TryGetValue(key, out var value) ? value : default;
    }
}
