namespace Chat.GraphQL;

/// <summary>Loads a list of values per key, many keys at a time.</summary>
/// <typeparam name="TKey">The key; equal keys are loaded once.</typeparam>
/// <typeparam name="TValue">An item; a key that the batch does not answer has no items.</typeparam>
public abstract class GroupedDataLoader<TKey, TValue> : BatchingLoader<TKey, IReadOnlyList<TValue>>
    where TKey : notnull
{
    /// <summary>Loads a batch. Keys are distinct; those without items may be missing from the answer.</summary>
    protected abstract Task<ILookup<TKey, TValue>> LoadGroupedBatchAsync(
        IReadOnlyList<TKey> keys, CancellationToken ct);

    private protected sealed override async Task<Func<TKey, IReadOnlyList<TValue>>> RunBatchAsync(
        IReadOnlyList<TKey> keys, CancellationToken ct)
    {
        var groups = await LoadGroupedBatchAsync(keys, ct);
        return key => [.. groups[key]];
    }
}
