namespace Chat.GraphQL;

/// <summary>A column some of whose rows are still being resolved.</summary>
internal abstract class PendingColumn
{
    /// <summary>Ends when all rows have ended, however they did.</summary>
    public abstract Task Ended { get; }

    /// <summary>Takes the results; called by the run once <see cref="Ended"/> has.</summary>
    public abstract void Arrive();
}

internal sealed class PendingColumn<T>(OperationRun run, Column<T> column, List<(int Row, Task<T?> Task)> pending)
    : PendingColumn
{
    public override Task Ended { get; } = pending.Count == 1
        ? pending[0].Task
        : Task.WhenAll(pending.Select(row => row.Task));

    public override void Arrive()
    {
        foreach (var (row, task) in pending)
        {
            try
            {
                column.Values[row] = task.GetAwaiter().GetResult();
            }
            catch (Exception exception)
            {
                column.Fail(run, row, exception);
            }
        }

        column.Complete(run);
    }
}
