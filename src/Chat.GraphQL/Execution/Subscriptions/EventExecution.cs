using System.Diagnostics.CodeAnalysis;

namespace Chat.GraphQL;

/// <summary>
/// One execution of an event for several subscribers. It belongs to none of them: it goes on while any of them waits
/// for it, and stops when the last has left.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "It has no timer, and who leaves late reads its token.")]
internal sealed class EventExecution(GraphQLExecutor executor, PreparedOperation operation, object? sourceEvent)
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly TaskCompletionSource<EventResponse[]> responses =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int waiting;
    private bool isAbandoned;

    /// <summary>Takes part; false when the last who did has left.</summary>
    public bool TryEnter()
    {
        lock (gate)
        {
            if (isAbandoned)
                return false;
            waiting++;
            return true;
        }
    }

    /// <summary>
    /// Executes the event. Nothing of whoever happened to come first is seen there, neither its token nor what flows
    /// with its request, such as an <c>HttpContext</c>.
    /// </summary>
    public void Start(
        IReadOnlyList<IReadOnlyDictionary<string, object?>> states, Action<EventResponse[]>? onMade = null) =>
        NoContext.Run(() => _ = RunAsync(states, onMade));

    /// <summary>The response of one row. Who is cancelled meanwhile takes no part any more.</summary>
    public ValueTask<EventResponse> ResponseAsync(int row, CancellationToken ct) =>
        responses.Task.IsCompletedSuccessfully
            ? new(responses.Task.GetAwaiter().GetResult()[row])
            : new(WaitAsync(row, ct));

    private async Task<EventResponse> WaitAsync(int row, CancellationToken ct)
    {
        try
        {
            return (await responses.Task.WaitAsync(ct))[row];
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            Leave();
            throw;
        }
    }

    private void Leave()
    {
        lock (gate)
        {
            if (--waiting > 0 || responses.Task.IsCompleted)
                return;
            isAbandoned = true;
        }

        executor.Cancel(stopping);
    }

    private async Task RunAsync(
        IReadOnlyList<IReadOnlyDictionary<string, object?>> states, Action<EventResponse[]>? onMade)
    {
        try
        {
            var made = await executor.ExecuteEventAsync(operation, sourceEvent, states, stopping.Token);
            onMade?.Invoke(made);
            responses.SetResult(made);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            responses.SetCanceled(stopping.Token);
        }
        catch (Exception exception)
        {
            responses.SetException(exception);
        }
    }
}
