using Microsoft.Extensions.DependencyInjection;

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
    private bool isCancelled;

    /// <summary>The root frame, with a row for each response.</summary>
    private Frame root = null!;
    private ErrorList?[] errors = [];

    public Schema Schema => context.Schema;

    public GraphQLOptions Options => context.Options;

    /// <summary>The services that resolvers are given: those of the scope that the run is in.</summary>
    public IServiceProvider Services { get; private set; } = context.Services;

    /// <summary>The viewers of a run that has several; null when there is one.</summary>
    public ViewerRows? Viewers { get; init; }

    public IReadOnlyDictionary<string, object?> State => Viewers?.State ?? context.State;

    public CancellationToken Cancellation => context.Cancellation;

    public VariableValues Variables { get; } = variables;

    /// <summary>What the user of the request may do, as far as it was asked.</summary>
    public Authorizer Authorizer => field ??= new Authorizer(this);

    /// <summary>
    /// Executes the operation's root selection set (specification 6.2) on each of the roots. Then their responses can
    /// be written.
    /// </summary>
    public async Task ExecuteAsync(object?[] roots)
    {
        errors = new ErrorList?[roots.Length];
        root = new Frame(plan.Root, roots, null, null);
        if (plan.Operation.Kind == OperationKind.Mutation)
        {
            // Specification 6.2.2: one field after the other, each with everything below it. What the services of one
            // field have read, the next field may change; so they are never shared.
            // Nor does a field begin when nobody would learn what it has changed.
            for (var i = 0; i < plan.Root.Fields.Length && !root.IsNull(0); i++)
            {
                Cancellation.ThrowIfCancellationRequested();
                var field = i;
                await InScopeAsync(() => root.Run(this, field));
            }
        }
        else
        {
            await InScopeAsync(() => Enqueue(root));
        }
    }

    public bool HasErrors => Array.Exists(errors, static list => list is not null);

    /// <summary>The errors of a row of the root so far; null when there are none.</summary>
    public ErrorList? ErrorsOf(int row) => errors[row];

    /// <summary>Writes the response of a row of the root; false, with an error instead, when it is too large.</summary>
    public bool TryWrite(int row, JsonBuffer json)
    {
        var position = json.Position;
        json.MaxPosition = (int)Math.Min((long)position + Options.MaxResponseBytes, int.MaxValue);
        try
        {
            WriteResponse(row, json);
            if (json.Position <= json.MaxPosition)
                return true;
        }
        catch (JsonBufferFullException)
        {
            // Thrown only to leave the depth of the response.
        }
        finally
        {
            json.MaxPosition = int.MaxValue;
        }

        json.Truncate(position);
        var error = context.ToError(
            new GraphQLException(
                $"The response is larger than {Options.MaxResponseBytes} bytes.", ErrorCodes.ResponseTooLarge),
            null, null);
        (errors[row] = new ErrorList(Options.MaxErrors)).Add(error);
        ResponseWriter.WriteErrors(json, [error]);
        return false;
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

    /// <summary>
    /// Whether the run has been cancelled. It then ends with this wave, and what has not begun is left out.
    /// </summary>
    public bool MustStop() => isCancelled |= Cancellation.IsCancellationRequested;

    public void Report(Exception exception, Column column, int index)
    {
        if (exception is OperationCanceledException && Cancellation.IsCancellationRequested)
        {
            // It is not the field that failed: the run has no time left, and only learns of it after its resolver.
            isCancelled = true;
            return;
        }

        var path = new List<object>();
        column.AddPath(path, index);
        var row = column.RootRowOf(index);
        (errors[row] ??= new ErrorList(Options.MaxErrors))
            .Add(context.ToError(exception, column.Plan.LocationsOf(exception), path));
    }

    /// <summary>Executes something, with all that follows from it, in a scope of services of its own.</summary>
    private async Task InScopeAsync(Action start)
    {
        var scope = context.Services.CreateAsyncScope();
        try
        {
            Services = scope.ServiceProvider;
            using (Wave.Enter())
                start();
            await DrainAsync();
        }
        catch
        {
            _ = DisposeWhenQuietAsync(scope);
            throw;
        }

        // A load that nobody waits for keeps its services, but not the response.
        if (LoadersOf(scope)?.AreQuiet != false)
            await DisposeAsync(scope);
        else
            _ = DisposeWhenQuietAsync(scope);
    }

    /// <summary>
    /// Resolvers that do not look at their token may go on for a while, as may the batches of loaders; their services
    /// must outlive them.
    /// </summary>
    private async Task DisposeWhenQuietAsync(AsyncServiceScope scope)
    {
        await Task.WhenAll(waiting.Select(column => column.Ended)).ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        if (LoadersOf(scope) is { } loaders)
            await loaders.WhenQuietAsync();
        await DisposeAsync(scope);
    }

    private async ValueTask DisposeAsync(AsyncServiceScope scope)
    {
        try
        {
            await scope.DisposeAsync();
        }
        catch (Exception exception)
        {
            context.LogDisposal(exception);
        }
    }

    private static ScopedLoaders? LoadersOf(AsyncServiceScope scope) =>
        scope.ServiceProvider.GetService<ScopedLoaders>();

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

                while (ready.Count > 0 && !MustStop())
                    ready.Dequeue().Run(this);
            }

            if (isCancelled)
                Cancellation.ThrowIfCancellationRequested();
            if (waiting.Count == 0)
                return;
            await NextArrivalAsync().WaitAsync(Cancellation);
        }
    }

    private void WriteResponse(int row, JsonBuffer json)
    {
        json.Raw("{\"data\":"u8);
        var position = json.Position;
        if (!root.Write(this, json, row))
        {
            json.Truncate(position);
            json.Null();
        }

        if (errors[row] is { } list)
        {
            json.Raw(",\"errors\":"u8);
            ResponseWriter.WriteErrorList(json, list.ToSend());
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
