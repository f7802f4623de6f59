namespace Chat.GraphQL;

/// <summary>
/// The values of a resolver's parameters for the rows of a frame: found once for all of them, or once for each viewer
/// where they depend on the viewer and the run has several.
/// </summary>
internal struct RowParameters(
    ParameterBinding[] bindings, ViewerUse use, OperationRun run, Frame frame, FieldPlan plan)
{
    /// <summary>
    /// Rows that are resolved before the run looks again whether it has been cancelled.
    /// </summary>
    private const int MaxRows = 256;

    private readonly ViewerRows? viewers = use == ViewerUse.None ? null : run.Viewers;
    private object?[]? values;
    private int viewer = -1;

    /// <summary>The end of the rows from a row on that have the same values and may be resolved at once.</summary>
    public readonly int EndOf(int row)
    {
        var end = Math.Min(frame.Parents.Length, row + MaxRows);
        if (viewers is null)
            return end;
        for (var next = row + 1; next < end; next++)
        {
            if (frame.RootRowOf(next) != viewer)
                return next;
        }

        return end;
    }

    /// <summary>The values for a row.</summary>
    public object?[] Of(int row)
    {
        if (viewers is null)
            return values ??= ParameterBinding.Bind(bindings, run, plan);
        var current = frame.RootRowOf(row);
        if (values is not null && current == viewer)
            return values;
        viewer = current;
        values = null;
        using (viewers.Bind(current))
            return values = ParameterBinding.Bind(bindings, run, plan);
    }
}
