using Microsoft.Extensions.Logging;

namespace Chat.GraphQL;

/// <summary>The operations of one socket by their ids.</summary>
internal sealed class SocketOperations(
    SocketChannel channel, GraphQLExecutor executor, GraphQLOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Time for operations that were stopped to end before a new one is refused.</summary>
    public static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, SocketOperation> byId = new(StringComparer.Ordinal);
    private readonly HashSet<Task> running = [];
    private bool isStopped;

    /// <summary>Operations at work, those that were stopped and have not ended yet included.</summary>
    private int MaxRunning => 2 * options.MaxOperationsPerSocket;

    /// <summary>
    /// Starts an operation, or sends the errors that keep it from starting; false when the id is in use.
    /// </summary>
    public async Task<bool> StartAsync(string id, GraphQLRequest request, IReadOnlyDictionary<string, object?> state)
    {
        var operation = new SocketOperation(id, channel, executor, logger);
        await WaitForStoppedAsync();
        switch (Admit(operation))
        {
            case Admission.Duplicate:
                return false;
            case Admission.Stopped:
                return true;
            case Admission.Full:
                await operation.SendErrorsAsync([new GraphQLError(
                    $"At most {options.MaxOperationsPerSocket} operations may run on a connection at the same time.")
                {
                    Code = ErrorCodes.TooManyOperations,
                }]);
                return true;
        }

        var (prepared, errors) = await executor.PrepareAsync(request, CancellationToken.None);
        if (prepared is null)
        {
            Remove(operation);
            await operation.SendErrorsAsync(errors);
            return true;
        }

        // A source that is never empty and a client that is fast would otherwise keep the reader from its messages.
        var task = Task.Run(() => RunAsync(operation, prepared, state));
        lock (gate)
            running.Add(task);
        _ = task.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return true;
    }

    /// <summary>Stops an operation at the client's wish; its id is free at once.</summary>
    public void Stop(string id)
    {
        SocketOperation? operation;
        lock (gate)
            byId.Remove(id, out operation);
        operation?.Stop();
    }

    /// <summary>Stops all operations and waits a moment for them to end.</summary>
    public async Task StopAsync()
    {
        SocketOperation[] stopped;
        Task[] ending;
        lock (gate)
        {
            isStopped = true;
            stopped = [.. byId.Values];
            ending = [.. running];
            byId.Clear();
        }

        foreach (var operation in stopped)
            operation.Stop();
        await Task.WhenAny(Task.WhenAll(ending), Task.Delay(SocketChannel.CloseTimeout, time));
    }

    private Admission Admit(SocketOperation operation)
    {
        lock (gate)
        {
            if (isStopped)
                return Admission.Stopped;
            if (byId.ContainsKey(operation.Id))
                return Admission.Duplicate;
            if (byId.Count >= options.MaxOperationsPerSocket || running.Count >= MaxRunning)
                return Admission.Full;
            byId.Add(operation.Id, operation);
            return Admission.Admitted;
        }
    }

    /// <summary>
    /// Operations that were stopped need a moment to end. A client that starts and stops faster than that is read more
    /// slowly; they must not add up without limit.
    /// </summary>
    private async Task WaitForStoppedAsync()
    {
        Task[] ending;
        lock (gate)
            ending = running.Count < MaxRunning ? [] : [.. running];
        if (ending.Length > 0)
            await Task.WhenAny([.. ending, Task.Delay(StopTimeout, time)]);
    }

    private async Task RunAsync(
        SocketOperation operation, PreparedOperation prepared, IReadOnlyDictionary<string, object?> state)
    {
        // The id is free before the client hears that the operation has ended.
        await operation.RunAsync(prepared, state, () => Remove(operation));
        Remove(operation);
    }

    private void Remove(SocketOperation operation)
    {
        lock (gate)
        {
            if (byId.TryGetValue(operation.Id, out var current) && current == operation)
                byId.Remove(operation.Id);
        }
    }

    private void Forget(Task task)
    {
        lock (gate)
            running.Remove(task);
    }

    private enum Admission
    {
        Admitted,
        Duplicate,
        Full,
        Stopped,
    }
}
