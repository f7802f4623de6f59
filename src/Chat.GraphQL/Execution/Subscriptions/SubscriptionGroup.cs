namespace Chat.GraphQL;

/// <summary>
/// Subscribers for whom an event has the same meaning: the same operation, variables and visibility key. Where the
/// response depends on nobody it is made once; where it depends on the viewer, one run makes those of all members.
/// </summary>
internal sealed class SubscriptionGroup(
    GroupKey key, GraphQLExecutor executor, PreparedOperation operation, SharedResponses responses,
    GraphQLOptions options, TimeProvider time)
{
    /// <summary>Events that members have met last, of which is known how many came for them.</summary>
    private const int RecentMax = 16;

    /// <summary>What a response that depends on nobody is made with.</summary>
    private static readonly IReadOnlyDictionary<string, object?>[] Nobody = [new Dictionary<string, object?>()];

    private readonly Lock gate = new();
    private readonly Queue<EventAudience> recent = new();

    public GroupKey Key { get; } = key;

    /// <summary>Members of the group; counted by <see cref="SubscriptionGroups"/>.</summary>
    public int Members { get; set; }

    /// <summary>What is kept for the group; kept and counted by <see cref="SharedResponses"/>.</summary>
    public Dictionary<object, LinkedListNode<SharedResponses.Entry>> Shared { get; } =
        new(ReferenceEqualityComparer.Instance);

    public EventExecution NewExecution(object? sourceEvent) => new(executor, operation, sourceEvent);

    /// <summary>The response to an event that all members get.</summary>
    public ValueTask<EventResponse> SharedResponseAsync(object identity, object? sourceEvent, CancellationToken ct)
    {
        var (execution, isNew) = responses.Take(this, identity, sourceEvent);
        if (isNew)
            execution.Start(Nobody, made => responses.Arrived(this, identity, made[0].Json.Length));
        return execution.ResponseAsync(0, ct);
    }

    /// <summary>A member's own response, made in one run with those of the others who come for the event.</summary>
    public ValueTask<EventResponse> OwnResponseAsync(
        GroupMember member, object identity, object? sourceEvent, CancellationToken ct)
    {
        EventBatch? started = null;
        EventBatch batch;
        int row;
        lock (gate)
        {
            var audience = AudienceOf(identity, member);
            if (audience.Open is not { } open || !open.TryAdd(member.State, out row))
            {
                open = audience.Open = started = new EventBatch(NewExecution(sourceEvent), audience);
                open.TryAdd(member.State, out row);
            }

            batch = open;
            member.LastAudience = audience;
            audience.Count++;
            if (batch.IsFull)
                audience.Open = null;
        }

        if (started is not null)
            NoContext.Run(() => _ = RunAsync(started));
        return batch.Execution.ResponseAsync(row, ct);
    }

    /// <summary>
    /// Who came for the event. As many are expected as came for the event before: a member that is slow, or has a
    /// source of its own, was not among them and is not waited for.
    /// </summary>
    private EventAudience AudienceOf(object identity, GroupMember member)
    {
        foreach (var known in recent)
        {
            if (ReferenceEquals(known.Event, identity))
                return known;
        }

        var expected = Math.Min(member.LastAudience?.Count ?? Members, Members);
        var audience = new EventAudience(identity, expected);
        if (recent.Count == RecentMax)
            recent.Dequeue();
        recent.Enqueue(audience);
        return audience;
    }

    private async Task RunAsync(EventBatch batch)
    {
        await batch.FilledAsync(options.EventBatchWindow, time);
        lock (gate)
        {
            batch.Close();
        }

        batch.Execution.Start(batch.States);
    }
}
