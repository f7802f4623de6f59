namespace Chat.GraphQL;

/// <summary>
/// Resolves the rows of a column from <paramref name="row"/> to before <paramref name="end"/>; after an exception
/// <paramref name="row"/> is the row that it was thrown for.
/// </summary>
internal delegate void RowsResolver<T>(object?[] parents, object?[] bound, T?[] values, ref int row, int end);

/// <summary>A resolver that returns its value: a property, or a method that is not asynchronous.</summary>
internal sealed class SyncResolver<T>(
    RowsResolver<T> invoke, ParameterBinding[] bindings, Completion<T> completion) : BoundResolver(bindings)
{
    /// <summary>From what resolves one row, where there is nothing to compile.</summary>
    public SyncResolver(Func<object?, object?[], T?> invoke, ParameterBinding[] bindings, Completion<T> completion)
        : this(EachOf(invoke), bindings, completion)
    {
    }

    public override Column Resolve(OperationRun run, Frame frame, FieldPlan plan)
    {
        var parents = frame.Parents;
        var column = completion.CreateColumn(frame, plan);
        var parameters = ParametersOf(run, frame, plan);
        var row = 0;
        while (row < parents.Length && !run.MustStop())
        {
            // One try block for many rows: an error costs its own row only.
            try
            {
                var bound = parameters.Of(row);
                invoke(parents, bound, column.Values, ref row, parameters.EndOf(row));
            }
            catch (Exception exception)
            {
                column.Fail(run, row++, exception);
            }
        }

        column.Complete(run);
        return column;
    }

    private static RowsResolver<T> EachOf(Func<object?, object?[], T?> invoke) =>
        (object?[] parents, object?[] bound, T?[] values, ref int row, int end) =>
        {
            for (; row < end; row++)
                values[row] = invoke(parents[row], bound);
        };
}
