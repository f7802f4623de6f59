namespace Chat.EventStore;

/// <summary>
/// One row for each stream, after Marten: the key <c>id</c> is the stream's id, <c>version</c> the version of the last
/// event in it. Rows depend on their own stream only, so it works in shards by stream too.
/// </summary>
/// <param name="schema">The schema that the projection owns.</param>
/// <typeparam name="T">The state.</typeparam>
public abstract class SingleStreamProjection<T>(string schema) : FoldProjection<T, Guid>(schema, "version")
    where T : class
{
    internal override long StampOf(StoredEvent one) => one.Version;

    private protected override void AddTouches(StoredEvent one, List<(Guid Key, StoredEvent Event)> touches) =>
        touches.Add((one.StreamId, one));
}
