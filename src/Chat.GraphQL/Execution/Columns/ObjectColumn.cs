namespace Chat.GraphQL;

/// <summary>
/// A column of objects. The objects of each type become the rows of one frame, which runs the field's selection set on
/// them.
/// </summary>
internal sealed class ObjectColumn<T>(
    Frame frame, FieldPlan plan, Column? lists, int count, bool isNonNull, CompositeType type)
    : Column<T>(frame, plan, lists, count, isNonNull)
{
    private readonly Frame?[] frames = new Frame?[count];
    private readonly int[] rows = new int[count];

    public override void Complete(OperationRun run)
    {
        if (type is ObjectType concrete)
        {
            var indices = new List<int>(Values.Length);
            for (var i = 0; i < Values.Length; i++)
            {
                if (HasValue(i))
                    indices.Add(i);
            }

            Start(run, concrete, indices);
            return;
        }

        var groups = new Dictionary<ObjectType, List<int>>();
        for (var i = 0; i < Values.Length; i++)
        {
            if (!HasValue(i) || ResolveType(run, i) is not { } resolved)
                continue;
            if (!groups.TryGetValue(resolved, out var group))
                groups.Add(resolved, group = []);
            group.Add(i);
        }

        foreach (var (resolved, indices) in groups)
            Start(run, resolved, indices);
    }

    protected override bool WriteValue(OperationRun run, JsonBuffer json, int index) =>
        frames[index]!.Write(run, json, rows[index]);

    /// <summary>Specification 6.4.3, ResolveAbstractType.</summary>
    private ObjectType? ResolveType(OperationRun run, int index)
    {
        var resolved = run.Schema.TypeOf(Values[index]!);
        if (resolved is not null && Schema.IsPossible(type, resolved))
            return resolved;
        Fail(run, index, new UnresolvedTypeException(Values[index]!, type, Plan.Field));
        return null;
    }

    private void Start(OperationRun run, ObjectType concrete, List<int> indices)
    {
        if (indices.Count == 0)
            return;
        var parents = new object?[indices.Count];
        for (var row = 0; row < parents.Length; row++)
            parents[row] = Values[indices[row]];
        var isDense = indices.Count == Values.Length;
        var child = new Frame(Plan.SelectionOn(concrete), parents, this, isDense ? null : [.. indices]);
        for (var row = 0; row < parents.Length; row++)
        {
            frames[indices[row]] = child;
            rows[indices[row]] = row;
        }

        run.Enqueue(child);
    }
}
