namespace Chat.EventStore;

/// <summary>
/// One row for each key that events name, from whatever streams, after Marten: the key is <c>id</c>, <c>sequence</c> is
/// the sequence of the last event in it. A row depends on several streams, so it needs one shard for all.
/// </summary>
/// <param name="schema">The schema that the projection owns.</param>
/// <typeparam name="T">The state.</typeparam>
/// <typeparam name="TId">The key.</typeparam>
public abstract class MultiStreamProjection<T, TId>(string schema) : FoldProjection<T, TId>(schema, "sequence")
    where T : class
    where TId : notnull
{
    /// <summary>One: the streams of a row may be in any shard.</summary>
    public sealed override int Shards => 1;

    /// <summary>The keys of the rows that an event touches; none when it touches none.</summary>
    protected abstract IEnumerable<TId> IdentitiesOf(StoredEvent one);

    internal override long StampOf(StoredEvent one) => one.Sequence;

    private protected override void AddTouches(StoredEvent one, List<(TId Key, StoredEvent Event)> touches)
    {
        foreach (var id in IdentitiesOf(one))
            touches.Add((id, one));
    }
}
