namespace Chat.GraphQL;

/// <summary>A subscriber in its group.</summary>
internal sealed class GroupMember(
    SubscriptionGroups groups, SubscriptionGroup group, ViewerUse use, IReadOnlyDictionary<string, object?> state)
    : IDisposable
{
    public IReadOnlyDictionary<string, object?> State => state;

    /// <summary>Those who came for the event that this member came for last.</summary>
    public EventAudience? LastAudience { get; set; }

    /// <summary>Whether there is anybody to share with.</summary>
    public bool IsAlone => group.Members == 1;

    /// <summary>The response to an event, which other members know by the same identity.</summary>
    public ValueTask<EventResponse> ResponseAsync(object identity, object? sourceEvent, CancellationToken ct) =>
        use == ViewerUse.None
            ? group.SharedResponseAsync(identity, sourceEvent, ct)
            : group.OwnResponseAsync(this, identity, sourceEvent, ct);

    public void Dispose() => groups.Leave(group);
}
