namespace Chat.GraphQL;

/// <summary>
/// An event stream that many operations send to, from its reservation on. Operations that come before it is open start
/// when it is: nothing has to be kept for a client that is not there.
/// </summary>
internal sealed class SharedStream(GraphQLOptions options, TimeProvider time)
{
    /// <summary>Time for the operations of a stream that has ended to end as well.</summary>
    public static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Dictionary<string, EventStreamOperation> byId = new(StringComparer.Ordinal);
    private readonly HashSet<Task> running = [];
    private readonly List<(EventStreamOperation Operation, PreparedOperation Prepared)> waiting = [];
    private EventStream? stream;
    private bool isClaimed;
    private bool isClosed;

    /// <summary>Operations at work, those that were stopped and have not ended yet included.</summary>
    private int MaxRunning => 2 * options.MaxOperationsPerSocket;

    /// <summary>Keeps a place, and the id, for an operation.</summary>
    public Admission Admit(EventStreamOperation operation)
    {
        lock (gate)
        {
            if (isClosed)
                return Admission.Closed;
            if (byId.ContainsKey(operation.Id!))
                return Admission.Duplicate;
            if (byId.Count >= options.MaxOperationsPerSocket || running.Count >= MaxRunning)
                return Admission.Full;
            byId.Add(operation.Id!, operation);
            return Admission.Admitted;
        }
    }

    /// <summary>Starts an operation that was admitted, as soon as the stream is open.</summary>
    public void Start(EventStreamOperation operation, PreparedOperation prepared)
    {
        lock (gate)
        {
            if (!isClosed)
            {
                if (stream is null)
                    waiting.Add((operation, prepared));
                else
                    Run(stream, operation, prepared);
                return;
            }
        }

        _ = operation.LeaveAsync();
    }

    /// <summary>Gives up the place of an operation.</summary>
    public void Remove(EventStreamOperation operation)
    {
        lock (gate)
        {
            if (byId.TryGetValue(operation.Id!, out var current) && current == operation)
                byId.Remove(operation.Id!);
        }
    }

    /// <summary>Stops an operation at the client's wish; its id is free at once.</summary>
    public void Stop(string id)
    {
        EventStreamOperation? operation;
        bool isWaiting;
        lock (gate)
        {
            byId.Remove(id, out operation);
            isWaiting = waiting.RemoveAll(one => one.Operation == operation) > 0;
        }

        operation?.Stop();
        if (isWaiting)
            _ = operation!.LeaveAsync();
    }

    /// <summary>Only one response can be the stream; false when there is one, or the reservation is over.</summary>
    public bool TryClaim()
    {
        lock (gate)
        {
            var isFree = !isClaimed && !isClosed;
            isClaimed = true;
            return isFree;
        }
    }

    /// <summary>Starts the operations that wait for the stream.</summary>
    public void Open(EventStream opened)
    {
        lock (gate)
        {
            stream = opened;
            foreach (var (operation, prepared) in waiting)
                Run(opened, operation, prepared);
            waiting.Clear();
        }
    }

    /// <summary>Ends a reservation that nobody has come for; false when somebody has.</summary>
    public bool TryExpire()
    {
        if (!TryClaim())
            return false;
        Close();
        return true;
    }

    /// <summary>Stops all operations and waits a moment for them to end.</summary>
    public async Task CloseAsync()
    {
        await Task.WhenAll(Close()).WaitAsync(StopTimeout, time)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stream is not null)
            await stream.CloseAsync();
    }

    private Task[] Close()
    {
        EventStreamOperation[] stopped;
        EventStreamOperation[] unstarted;
        Task[] ending;
        lock (gate)
        {
            isClosed = true;
            stopped = [.. byId.Values];
            unstarted = [.. waiting.Select(one => one.Operation)];
            ending = [.. running];
            byId.Clear();
            waiting.Clear();
        }

        foreach (var operation in stopped)
            operation.Stop();
        // Those that have started let go of what they hold on to when they end.
        foreach (var operation in unstarted)
            _ = operation.LeaveAsync();
        return ending;
    }

    private void Run(EventStream opened, EventStreamOperation operation, PreparedOperation prepared)
    {
        var task = Task.Run(async () =>
        {
            await operation.RunAsync(opened, prepared, () => Remove(operation));
            Remove(operation);
        });
        running.Add(task);
        _ = task.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private void Forget(Task task)
    {
        lock (gate)
            running.Remove(task);
    }

    public enum Admission
    {
        Admitted,
        Duplicate,
        Full,
        Closed,
    }
}
