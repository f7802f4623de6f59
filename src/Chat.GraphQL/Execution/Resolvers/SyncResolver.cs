namespace Chat.GraphQL;

/// <summary>A resolver that returns its value: a property, or a method that is not asynchronous.</summary>
internal sealed class SyncResolver<T>(
    Func<object?, object?[], T?> invoke, ParameterBinding[] bindings, Completion<T> completion)
    : BoundResolver(bindings)
{
    public override Column Resolve(OperationRun run, Frame frame, FieldPlan plan)
    {
        var parents = frame.Parents;
        var column = completion.CreateColumn(frame, plan, null, parents.Length);
        var parameters = ParametersOf(run, frame, plan);
        var row = 0;
        while (row < parents.Length)
        {
            // One try block for many rows: an error costs its own row only.
            try
            {
                for (; row < parents.Length; row++)
                    column.Values[row] = invoke(parents[row], parameters.Of(row));
            }
            catch (Exception exception)
            {
                column.Fail(run, row++, exception);
            }
        }

        column.Complete(run);
        return column;
    }
}
