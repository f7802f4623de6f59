namespace Chat.GraphQL;

/// <summary>A resolver that is called once for all rows, and returns their results as a list.</summary>
internal sealed class BatchResolver<T>(
    Func<object?[], object?[], ValueTask<IEnumerable<T?>?>> invoke, ParameterBinding[] bindings,
    Completion<T> completion) : BoundResolver(bindings)
{
    /// <summary>One call has all rows, which may belong to several viewers.</summary>
    public override ViewerUse Viewer => base.Viewer == ViewerUse.None ? ViewerUse.None : ViewerUse.PerRun;

    public override Column Resolve(OperationRun run, Frame frame, FieldPlan plan)
    {
        var column = completion.CreateColumn(frame, plan);
        Task<IEnumerable<T?>?> results;
        try
        {
            var task = invoke(frame.Parents, ParameterBinding.Bind(Bindings, run, plan));
            if (task.IsCompletedSuccessfully)
            {
                Complete(run, column, task.GetAwaiter().GetResult());
                return column;
            }

            results = task.AsTask();
        }
        catch (Exception exception)
        {
            Fail(run, column, exception);
            return column;
        }

        run.WaitFor(new PendingBatch(run, column, results));
        return column;
    }

    private static void Complete(OperationRun run, Column<T> column, IEnumerable<T?>? results)
    {
        var list = results?.ToList();
        if (list?.Count == column.Values.Length)
        {
            list.CopyTo(column.Values);
            column.Complete(run);
            return;
        }

        var got = list is null ? "null" : $"{list.Count} results";
        Fail(run, column, new InvalidOperationException(
            $"{column.Plan.Field.Origin} returned {got} for {column.Values.Length} parents."));
    }

    private static void Fail(OperationRun run, Column<T> column, Exception exception)
    {
        for (var row = 0; row < column.Values.Length; row++)
            column.Fail(run, row, exception);
        column.Complete(run);
    }

    private sealed class PendingBatch(OperationRun run, Column<T> column, Task<IEnumerable<T?>?> results)
        : PendingColumn
    {
        public override Task Ended => results;

        public override void Arrive()
        {
            IEnumerable<T?>? arrived;
            try
            {
                arrived = results.GetAwaiter().GetResult();
            }
            catch (Exception exception)
            {
                Fail(run, column, exception);
                return;
            }

            BatchResolver<T>.Complete(run, column, arrived);
        }
    }
}
