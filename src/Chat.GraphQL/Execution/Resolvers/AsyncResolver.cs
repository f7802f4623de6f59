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
        var column = completion.CreateColumn(frame, plan, null, parents.Length);
        var parameters = ParametersOf(run, frame, plan);
        List<(int Row, Task<T?> Task)>? pending = null;
        for (var row = 0; row < parents.Length; row++)
        {
            try
            {
                var task = invoke(parents[row], parameters.Of(row));
                if (task.IsCompletedSuccessfully)
                    column.Values[row] = task.GetAwaiter().GetResult();
                else
                    (pending ??= []).Add((row, task.AsTask()));
            }
            catch (Exception exception)
            {
                column.Fail(run, row, exception);
            }
        }

        if (pending is null)
            column.Complete(run);
        else
            run.WaitFor(new PendingColumn<T>(run, column, pending));
        return column;
    }
}
