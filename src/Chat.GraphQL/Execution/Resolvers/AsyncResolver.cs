namespace Chat.GraphQL;

/// <summary>
/// A resolver that returns a task. All rows are started; the column is completed when the last of them has ended.
/// </summary>
internal sealed class AsyncResolver<T>(
    Func<object?, object?[], ValueTask<T?>> invoke, ParameterBinding[] bindings, Completion<T> completion)
    : BoundResolver(bindings)
{
    public override Column Resolve(OperationRun run, Frame frame, FieldPlan plan)
    {
        var parents = frame.Parents;
        var column = completion.CreateColumn(frame, plan);
        var parameters = ParametersOf(run, frame, plan);
        Task<T?>?[]? pending = null;
        var row = 0;
        while (row < parents.Length && !run.MustStop())
        {
            // One try block for many rows: an error costs its own row only.
            try
            {
                var bound = parameters.Of(row);
                for (var end = parameters.EndOf(row); row < end; row++)
                {
                    var task = invoke(parents[row], bound);
                    if (task.IsCompletedSuccessfully)
                        column.Values[row] = task.GetAwaiter().GetResult();
                    else
                        (pending ??= new Task<T?>?[parents.Length])[row] = task.AsTask();
                }
            }
            catch (Exception exception)
            {
                column.Fail(run, row++, exception);
            }
        }

        if (pending is null)
            column.Complete(run);
        else
            run.WaitFor(new PendingColumn<T>(run, column, pending));
        return column;
    }
}
