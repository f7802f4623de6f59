namespace Chat.GraphQL;

/// <summary>
/// The executions of events that further members of a group may ask for. One leaves when all members have had it, or
/// as the oldest when there are too many: who comes later executes the event again, so that this is never about what is
/// delivered.
/// </summary>
internal sealed class SharedResponses(int maxEvents, long maxBytes)
{
    private readonly Lock gate = new();
    private readonly LinkedList<Entry> byAge = new();
    private long bytes;

    public int Count
    {
        get
        {
            lock (gate)
                return byAge.Count;
        }
    }

    /// <summary>The execution of an event for a group, and whether the caller is the one to start it.</summary>
    public (EventExecution Execution, bool IsNew) Take(
        SubscriptionGroup group, object identity, object? sourceEvent)
    {
        lock (gate)
        {
            if (group.Shared.TryGetValue(identity, out var node))
            {
                var known = node.Value;
                if (known.Execution.TryEnter())
                {
                    if (--known.Expected == 0)
                        Remove(node);
                    return (known.Execution, false);
                }

                Remove(node);
            }

            var execution = group.NewExecution(sourceEvent);
            execution.TryEnter();
            var expected = group.Members - 1;
            if (expected > 0)
                group.Shared.Add(identity, byAge.AddLast(new Entry(group, identity, execution, expected)));
            return (execution, true);
        }
    }

    /// <summary>Counts what an execution has made, and lets the oldest go.</summary>
    public void Arrived(SubscriptionGroup group, object identity, int size)
    {
        lock (gate)
        {
            if (group.Shared.TryGetValue(identity, out var node) && node.Value.Size == 0)
            {
                node.Value.Size = size;
                bytes += size;
            }

            while (byAge.First is { } oldest && (byAge.Count > maxEvents || bytes > maxBytes))
                Remove(oldest);
        }
    }

    /// <summary>Lets go what is kept for a group that has no members any more.</summary>
    public void Forget(SubscriptionGroup group)
    {
        lock (gate)
        {
            foreach (var node in group.Shared.Values.ToList())
                Remove(node);
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        byAge.Remove(node);
        bytes -= node.Value.Size;
        node.Value.Group.Shared.Remove(node.Value.Identity);
    }

    internal sealed class Entry(SubscriptionGroup group, object identity, EventExecution execution, int expected)
    {
        public SubscriptionGroup Group { get; } = group;

        public object Identity { get; } = identity;

        public EventExecution Execution { get; } = execution;

        /// <summary>Members that may still come.</summary>
        public int Expected { get; set; } = expected;

        public int Size { get; set; }
    }
}
