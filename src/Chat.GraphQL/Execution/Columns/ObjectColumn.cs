namespace Chat.GraphQL;

/// <summary>
/// A column of objects. The objects of each type become the rows of one frame, which runs the field's selection set on
/// them.
/// </summary>
internal sealed class ObjectColumn<T>(
    Frame frame, FieldPlan plan, Column? lists, T?[] values, bool isNonNull, CompositeType type)
    : Column<T>(frame, plan, lists, values, isNonNull)
{
    /// <summary>The frame of all entries, in their order.</summary>
    private Frame? whole;

    private (Frame Frame, int Row)[]? places;

    public override void Complete(OperationRun run)
    {
        if (type is ObjectType concrete)
        {
            if (HasAllValues())
                StartWhole(run, concrete);
            else
                Start(run, concrete, [.. Enumerable.Range(0, Values.Length).Where(HasValue)]);
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
        {
            if (indices.Count == Values.Length)
                StartWhole(run, resolved);
            else
                Start(run, resolved, [.. indices]);
        }
    }

    protected override bool WriteValue(OperationRun run, JsonBuffer json, int index)
    {
        if (whole is not null)
            return whole.Write(run, json, index);
        var (child, row) = places![index];
        return child.Write(run, json, row);
    }

    protected override bool IsNullInside(int index) =>
        whole?.IsNull(index) ?? places![index].Frame.IsNull(places[index].Row);

    /// <summary>Specification 6.4.3, ResolveAbstractType.</summary>
    private ObjectType? ResolveType(OperationRun run, int index)
    {
        var resolved = run.Schema.TypeOf(Values[index]!);
        if (resolved is not null && Schema.IsPossible(type, resolved))
            return resolved;
        Fail(run, index, new UnresolvedTypeException(Values[index]!, type, Plan.Field));
        return null;
    }

    private bool HasAllValues()
    {
        for (var i = 0; i < Values.Length; i++)
        {
            if (!HasValue(i))
                return false;
        }

        return true;
    }

    private void StartWhole(OperationRun run, ObjectType concrete)
    {
        if (Values.Length == 0 || PlanOf(run, concrete, Enumerable.Range(0, Values.Length)) is not { } plan)
            return;
        // The array of a reference type is one of objects already; it is only read.
        var parents = Values as object?[] ?? Array.ConvertAll(Values, static value => (object?)value);
        whole = new Frame(plan, parents, this, null);
        run.Enqueue(whole);
    }

    private void Start(OperationRun run, ObjectType concrete, int[] indices)
    {
        if (indices.Length == 0 || PlanOf(run, concrete, indices) is not { } plan)
            return;
        var parents = Array.ConvertAll(indices, index => (object?)Values[index]);
        var child = new Frame(plan, parents, this, indices);
        places ??= new (Frame, int)[Values.Length];
        for (var row = 0; row < indices.Length; row++)
            places[indices[row]] = (child, row);
        run.Enqueue(child);
    }

    /// <summary>What is selected; null, with the entries failed, when a condition in it cannot be decided.</summary>
    private SelectionSetPlan? PlanOf(OperationRun run, ObjectType concrete, IEnumerable<int> indices)
    {
        try
        {
            return Plan.SelectionOn(concrete);
        }
        catch (GraphQLException exception)
        {
            foreach (var index in indices)
                Fail(run, index, exception);
            return null;
        }
    }
}
