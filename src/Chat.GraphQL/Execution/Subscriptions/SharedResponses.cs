namespace Chat.GraphQL;

/// <summary>
/// The executions of events that further members of a group may ask for. One leaves when all members have had it, when
/// it is too old, or as the oldest when there are too many. Who comes later executes the event again: this is never
/// about what is delivered.
/// </summary>
internal sealed class SharedResponses(GraphQLOptions options, TimeProvider time)
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
                if (!IsOld(known) && known.Execution.TryEnter())
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
            {
                var entry = new Entry(group, identity, execution, expected, time.GetTimestamp());
                group.Shared.Add(identity, byAge.AddLast(entry));
                Trim();
            }

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

            Trim();
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

    private void Trim()
    {
        while (byAge.First is { } oldest && (byAge.Count > options.MaxSharedEvents ||
            bytes > options.MaxSharedEventBytes || IsOld(oldest.Value)))
        {
            Remove(oldest);
        }
    }

    private bool IsOld(Entry entry) => time.GetElapsedTime(entry.Created) > options.SharedEventLifetime;

    private void Remove(LinkedListNode<Entry> node)
    {
        byAge.Remove(node);
        bytes -= node.Value.Size;
        node.Value.Group.Shared.Remove(node.Value.Identity);
    }

    internal sealed class Entry(
        SubscriptionGroup group, object identity, EventExecution execution, int expected, long created)
    {
        public SubscriptionGroup Group { get; } = group;

        public object Identity { get; } = identity;

        public EventExecution Execution { get; } = execution;

        /// <summary>Members that may still come.</summary>
        public int Expected { get; set; } = expected;

        public long Created { get; } = created;

        public int Size { get; set; }
    }
}
