namespace Chat.GraphQL;

/// <summary>
/// One execution of an operation: frames that can run at once, columns that wait for asynchronous results, and the
/// errors so far. All but the arrival of results happens on one thread at a time.
/// </summary>
internal sealed class OperationRun(OperationContext context, OperationPlan plan, VariableValues variables)
{
    private readonly Queue<Frame> ready = new();
    private readonly Lock gate = new();
    private readonly Queue<PendingColumn> arrived = new();
    private readonly HashSet<PendingColumn> waiting = [];
    private TaskCompletionSource? wakeUp;

    public Schema Schema => context.Schema;

    public GraphQLOptions Options => context.Options;

    public IServiceProvider Services => context.Services;

    public IReadOnlyDictionary<string, object?> State => context.State;

    public CancellationToken Cancellation => context.Cancellation;

    public VariableValues Variables { get; } = variables;

    public List<GraphQLError> Errors { get; } = [];

    /// <summary>Ends when no resolver of an abandoned run is at work any more.</summary>
    public Task Quiet => Task.WhenAll(waiting.Select(column => column.Ended));

    /// <summary>
    /// Executes the operation's root selection set (specification 6.2) and writes the response.
    /// </summary>
    public async Task ExecuteAsync(object? root, JsonBuffer json)
    {
        var frame = new Frame(plan.Root, [root], null, null);
        if (plan.Operation.Kind == OperationKind.Mutation)
        {
            // Specification 6.2.2: one field after the other, each with everything below it.
            for (var field = 0; field < plan.Root.Fields.Length; field++)
            {
                using (Wave.Enter())
                    frame.Run(this, field);
                await DrainAsync();
            }
        }
        else
        {
            Enqueue(frame);
            await DrainAsync();
        }

        Write(frame, json);
    }

    /// <summary>Lets a frame run in the current wave, or the next.</summary>
    public void Enqueue(Frame frame) => ready.Enqueue(frame);

    /// <summary>Lets the run wait for a column.</summary>
    public void WaitFor(PendingColumn column)
    {
        waiting.Add(column);
        _ = column.Ended.ContinueWith(
            static (_, state) =>
            {
                var (run, column) = ((OperationRun, PendingColumn))state!;
                run.OnEnded(column);
            },
            (this, column), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    public void Report(Exception exception, Column column, int index)
    {
        var path = new List<object>();
        column.AddPath(path, index);
        Errors.Add(context.ToError(exception, column.Plan.Locations, path));
    }

    /// <summary>
    /// Runs waves until nothing is left: all that can run without waiting, then the data loaders with what that wave
    /// queued, then whatever has arrived.
    /// </summary>
    private async Task DrainAsync()
    {
        while (true)
        {
            using (Wave.Enter())
            {
                while (TryDequeue(out var column))
                {
                    waiting.Remove(column);
                    column.Arrive();
                }

                while (ready.TryDequeue(out var frame))
                    frame.Run(this);
            }

            if (waiting.Count == 0)
                return;
            await NextArrivalAsync().WaitAsync(Cancellation);
        }
    }

    private void Write(Frame frame, JsonBuffer json)
    {
        json.Raw("{\"data\":"u8);
        var position = json.Position;
        if (!frame.Write(this, json, 0))
        {
            json.Truncate(position);
            json.Null();
        }

        if (Errors.Count > 0)
        {
            json.Raw(",\"errors\":"u8);
            ResponseWriter.WriteErrorList(json, Errors);
        }

        json.Byte((byte)'}');
    }

    private void OnEnded(PendingColumn column)
    {
        TaskCompletionSource? sleeper;
        lock (gate)
        {
            arrived.Enqueue(column);
            sleeper = wakeUp;
            wakeUp = null;
        }

        sleeper?.TrySetResult();
    }

    private bool TryDequeue(out PendingColumn column)
    {
        lock (gate)
            return arrived.TryDequeue(out column!);
    }

    private Task NextArrivalAsync()
    {
        lock (gate)
        {
            if (arrived.Count > 0)
                return Task.CompletedTask;
            // The run goes on elsewhere, so that whoever completes a task is not kept.
            wakeUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return wakeUp.Task;
        }
    }
}
