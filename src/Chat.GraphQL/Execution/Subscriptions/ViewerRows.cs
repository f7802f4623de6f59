namespace Chat.GraphQL;

/// <summary>
/// The viewers of a run that answers one event for several subscribers: row i of its root frame belongs to viewer i.
/// </summary>
internal sealed class ViewerRows(IReadOnlyList<IReadOnlyDictionary<string, object?>> states)
{
    private IReadOnlyDictionary<string, object?>? bound;

    /// <summary>The state of the viewer whose row is being bound. Nobody else's can be read meanwhile.</summary>
    public IReadOnlyDictionary<string, object?> State =>
        bound ?? throw new InvalidOperationException("The run has several viewers; only a row has one.");

    /// <summary>Makes a viewer's state the one that is read, until the result is disposed.</summary>
    public Binding Bind(int viewer)
    {
        bound = states[viewer];
        return new Binding(this);
    }

    internal readonly struct Binding(ViewerRows viewers) : IDisposable
    {
        public void Dispose() => viewers.bound = null;
    }
}
