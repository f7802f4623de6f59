namespace Chat.GraphQL;

/// <summary>Members of a group who came for one event, in all its batches.</summary>
internal sealed class EventAudience(object identity, int expected)
{
    public object Event { get; } = identity;

    /// <summary>Members that have come.</summary>
    public int Count { get; set; }

    /// <summary>Members that are still expected. Nobody knows how many come after these.</summary>
    public int Missing => expected > Count ? expected - Count : int.MaxValue;

    /// <summary>The batch that takes further members.</summary>
    public EventBatch? Open { get; set; }
}

/// <summary>
/// Members of a group whose responses to one event are made in one run. All but <see cref="FilledAsync"/> is called
/// under the lock of the group.
/// </summary>
internal sealed class EventBatch(EventExecution execution, EventAudience audience)
{
    /// <summary>Members in one run; more of them become several.</summary>
    public const int MaxRows = 1_000;

    private readonly int size = Math.Min(audience.Missing, MaxRows);
    private readonly List<IReadOnlyDictionary<string, object?>> states = [];
    private readonly TaskCompletionSource filled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EventExecution Execution { get; } = execution;

    public IReadOnlyList<IReadOnlyDictionary<string, object?>> States => states;

    public bool IsFull => states.Count >= size;

    /// <summary>Adds a row; false when all who had come have left again.</summary>
    public bool TryAdd(IReadOnlyDictionary<string, object?> state, out int row)
    {
        row = states.Count;
        if (!Execution.TryEnter())
            return false;
        states.Add(state);
        if (IsFull)
            filled.SetResult();
        return true;
    }

    /// <summary>Waits until all who are expected have come, but not for long.</summary>
    public Task FilledAsync(TimeSpan window, TimeProvider time) =>
        filled.Task.IsCompleted ? Task.CompletedTask : Task.WhenAny(filled.Task, Task.Delay(window, time));

    /// <summary>Takes no further members.</summary>
    public void Close()
    {
        if (audience.Open == this)
            audience.Open = null;
    }
}
