namespace Chat.GraphQL;

/// <summary>
/// A selection set that runs once over all its parents: objects of one type that stand at the same place of the
/// operation. Its results are columns, one per field, with a row per parent.
/// </summary>
internal sealed class Frame(SelectionSetPlan plan, object?[] parents, Column? origin, int[]? originIndices)
{
    private readonly Column?[] columns = new Column?[plan.Fields.Length];

    public SelectionSetPlan Plan { get; } = plan;

    public object?[] Parents { get; } = parents;

    /// <summary>Runs all fields over all parents.</summary>
    public void Run(OperationRun run)
    {
        for (var i = 0; i < columns.Length; i++)
            Run(run, i);
    }

    /// <summary>Runs one field over all parents.</summary>
    public void Run(OperationRun run, int field)
    {
        var selection = Plan.Fields[field];
        if (selection.Field != TypeNameField.Definition)
            columns[field] = selection.Field.Resolver!.Resolve(run, this, selection);
    }

    /// <summary>A frame of some of the rows, which stand at the same places of the response.</summary>
    public Frame Take(IReadOnlyList<int> rows) => new(
        Plan, [.. rows.Select(row => Parents[row])], origin, [.. rows.Select(row => originIndices?[row] ?? row)]);

    /// <summary>
    /// Writes the object of a row; false when a null in it must bubble up (specification 6.4.4). What was written until
    /// then is the caller's to take back.
    /// </summary>
    public bool Write(OperationRun run, JsonBuffer json, int row)
    {
        var names = Plan.EncodedNames;
        if (names.Length == 0)
            json.Byte((byte)'{');
        for (var i = 0; i < names.Length; i++)
        {
            json.Raw(names[i]);
            if (columns[i] is not { } column)
                json.String(Plan.Type.Name);
            else if (!column.Write(run, json, row))
                return false;
        }

        json.Byte((byte)'}');
        return true;
    }

    /// <summary>Whether the object of a row is null because of one of the fields that have run.</summary>
    public bool IsNull(int row) => Array.Exists(columns, column => column?.BubblesNull(row) == true);

    /// <summary>
    /// Which row of the root frame a row comes from: that is its viewer, or its event, where a run has several.
    /// </summary>
    public int RootRowOf(int row) => origin?.RootRowOf(originIndices?[row] ?? row) ?? row;

    /// <summary>Adds the path of a row's object: response names and list indices.</summary>
    public void AddPath(List<object> path, int row) => origin?.AddPath(path, originIndices?[row] ?? row);
}
