namespace Chat.GraphQL;

/// <summary>
/// The results of one field over all rows of a frame, or the items of the lists in such a column, laid out flat.
/// </summary>
internal abstract class Column(Frame frame, FieldPlan plan, Column? lists)
{
    public Frame Frame { get; } = frame;

    public FieldPlan Plan { get; } = plan;

    /// <summary>The column of lists that this column holds the items of.</summary>
    protected Column? Lists { get; } = lists;

    /// <summary>Writes an entry; false when its null must bubble up.</summary>
    public abstract bool Write(OperationRun run, JsonBuffer json, int index);

    /// <summary>
    /// Whether the null of an entry bubbles up (specification 6.4.4), as far as that is known before it is written.
    /// </summary>
    public abstract bool BubblesNull(int index);

    /// <summary>Which row of the root frame an entry comes from.</summary>
    public int RootRowOf(int index) =>
        Lists is null ? Frame.RootRowOf(index) : Lists.RootRowOf(Lists.ListOf(index, out _));

    /// <summary>Adds the path of an entry.</summary>
    public void AddPath(List<object> path, int index)
    {
        if (Lists is null)
        {
            Frame.AddPath(path, index);
            path.Add(Plan.ResponseName);
        }
        else
        {
            var list = Lists.ListOf(index, out var item);
            Lists.AddPath(path, list);
            path.Add(item);
        }
    }

    /// <summary>Which list an item of the flat column belongs to, and its index there.</summary>
    protected virtual int ListOf(int index, out int item) =>
        throw new InvalidOperationException("The column holds no lists.");
}
