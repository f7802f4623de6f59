namespace Chat.GraphQL;

/// <summary>
/// The groups of subscribers for whom an event has the same meaning, and the responses that their members may still
/// ask for.
/// </summary>
internal sealed class SubscriptionGroups(GraphQLOptions options, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<GroupKey, SubscriptionGroup> groups = [];

    public int Count
    {
        get
        {
            lock (gate)
                return groups.Count;
        }
    }

    /// <summary>Subscribers in all groups.</summary>
    public int Members
    {
        get
        {
            lock (gate)
                return groups.Values.Sum(group => group.Members);
        }
    }

    /// <summary>Events whose responses are kept.</summary>
    public SharedResponses Responses { get; } = new(options, time);

    /// <summary>Enters the group of an operation; its members leave it with <see cref="Leave"/>.</summary>
    public SubscriptionGroup Join(GraphQLExecutor executor, PreparedOperation operation, object? visibility)
    {
        var key = new GroupKey(operation.Plan.Key, operation.EventKey, visibility);
        lock (gate)
        {
            if (!groups.TryGetValue(key, out var group))
                groups.Add(key, group = new SubscriptionGroup(key, executor, operation, Responses, options, time));
            group.Members++;
            return group;
        }
    }

    public void Leave(SubscriptionGroup group)
    {
        lock (gate)
        {
            if (--group.Members > 0)
                return;
            groups.Remove(group.Key);
        }

        Responses.Forget(group);
    }
}

/// <summary>What makes two subscribers members of one group.</summary>
/// <param name="Plan">The operation, with its @skip and @include decided.</param>
/// <param name="Variables">The variables that form the response.</param>
/// <param name="Visibility">The key of the source stream, see <see cref="SubscribeAttribute.VisibilityKey"/>.</param>
internal readonly record struct GroupKey(PlanKey Plan, string Variables, object? Visibility);
