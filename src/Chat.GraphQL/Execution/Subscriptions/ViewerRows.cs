namespace Chat.GraphQL;

/// <summary>
/// The viewers of a run that answers one event for several subscribers: row i of its root frame belongs to viewer i.
/// </summary>
internal sealed class ViewerRows(IReadOnlyList<IReadOnlyDictionary<string, object?>> states, int maxErrors)
{
    private readonly ErrorList[] errors = [.. states.Select(_ => new ErrorList(maxErrors))];
    private readonly int[] ends = new int[states.Count];
    private IReadOnlyDictionary<string, object?>? bound;

    public int Count => states.Count;

    /// <summary>The state of the viewer whose row is being bound. Nobody else's can be read meanwhile.</summary>
    public IReadOnlyDictionary<string, object?> State =>
        bound ?? throw new InvalidOperationException("The run has several viewers; only a row has one.");

    /// <summary>Makes a viewer's state the one that is read, until the result is disposed.</summary>
    public Binding Bind(int viewer)
    {
        bound = states[viewer];
        return new Binding(this);
    }

    public ErrorList ErrorsOf(int viewer) => errors[viewer];

    /// <summary>Records where the response of a viewer ends; it begins where the one before ends.</summary>
    public void EndAt(int viewer, int position) => ends[viewer] = position;

    public Range RangeOf(int viewer) => (viewer == 0 ? 0 : ends[viewer - 1])..ends[viewer];

    internal readonly struct Binding(ViewerRows viewers) : IDisposable
    {
        public void Dispose() => viewers.bound = null;
    }
}
