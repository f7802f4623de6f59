namespace Chat.GraphQL;

/// <summary>A column of values of one C# type, unboxed.</summary>
internal abstract class Column<T>(Frame frame, FieldPlan plan, Column? lists, T?[] values, bool isNonNull)
    : Column(frame, plan, lists)
{
    private bool[]? failed;

    public T?[] Values { get; } = values;

    /// <summary>Records that an entry has no value because of an error.</summary>
    public void Fail(OperationRun run, int index, Exception exception)
    {
        failed ??= new bool[Values.Length];
        failed[index] = true;
        run.Report(exception, this, index);
    }

    /// <summary>Completes the values (specification 6.4.3) once all of them are there.</summary>
    public virtual void Complete(OperationRun run)
    {
    }

    public sealed override bool Write(OperationRun run, JsonBuffer json, int index)
    {
        if (!HasValue(index))
            return WriteMissing(run, json, index);
        var position = json.Position;
        if (WriteValue(run, json, index))
            return true;
        json.Truncate(position);
        return WriteNull(json);
    }

    public sealed override bool BubblesNull(int index) =>
        isNonNull && (!HasValue(index) || IsNullInside(index));

    /// <summary>Whether something in a value makes it null.</summary>
    protected virtual bool IsNullInside(int index) => false;

    /// <summary>
    /// Writes a value that is not null; false when it turns out to be null because of an error in it.
    /// </summary>
    protected abstract bool WriteValue(OperationRun run, JsonBuffer json, int index);

    protected bool HasValue(int index) => Values[index] is not null && !HasFailed(index);

    private bool WriteMissing(OperationRun run, JsonBuffer json, int index)
    {
        if (isNonNull && !HasFailed(index))
            run.Report(new NullInNonNullFieldException(Plan.Field), this, index);
        return WriteNull(json);
    }

    private bool WriteNull(JsonBuffer json)
    {
        if (isNonNull)
            return false;
        json.Null();
        return true;
    }

    private bool HasFailed(int index) => failed is not null && failed[index];
}
