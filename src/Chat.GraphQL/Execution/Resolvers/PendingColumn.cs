namespace Chat.GraphQL;

/// <summary>A column some of whose rows are still being resolved.</summary>
internal abstract class PendingColumn
{
    /// <summary>Ends when all rows have ended, however they did.</summary>
    public abstract Task Ended { get; }

    /// <summary>Takes the results; called by the run once <see cref="Ended"/> has.</summary>
    public abstract void Arrive();
}

/// <summary>A column that waits for tasks: an entry per row, null where the row has its value.</summary>
internal sealed class PendingColumn<T>(OperationRun run, Column<T> column, Task<T?>?[] pending) : PendingColumn
{
    public override Task Ended { get; } = EndAsync(pending);

    public override void Arrive()
    {
        for (var row = 0; row < pending.Length; row++)
        {
            if (pending[row] is not { } task)
                continue;
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

    /// <summary>
    /// One after the other: many rows share a data loader's task, and each task is waited for only once.
    /// </summary>
    private static async Task EndAsync(Task<T?>?[] pending)
    {
        foreach (Task? task in pending)
        {
            if (task is { IsCompleted: false })
                await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
