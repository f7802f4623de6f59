namespace Chat.Api.Realtime;

/// <summary>
/// The people on other nodes, as those tell it. A node says with each heartbeat how many changes it has told; who has
/// counted another number has missed one and asks for all. Whoever uses it holds the register's lock.
/// </summary>
internal sealed class RemotePeople
{
    /// <summary>Nodes that are listened to.</summary>
    public const int NodesMax = 100;

    /// <summary>People of one node; past it, nobody else is seen.</summary>
    public const int PeopleMax = 1_000_000;

    private readonly Dictionary<Guid, Node> _nodes = [];

    /// <summary>The most active presence anywhere, and all sockets.</summary>
    public Attendance Of(Guid accountId)
    {
        var (presence, sockets) = (Presence.Offline, 0);
        foreach (var node in _nodes.Values)
        {
            if (!node.People.TryGetValue(accountId, out var there))
                continue;
            presence = there.Presence < presence ? there.Presence : presence;
            sockets += there.Sockets;
        }

        return new(presence, sockets);
    }

    public void Change(Guid nodeId, Guid accountId, Attendance attendance, DateTimeOffset now)
    {
        if (Find(nodeId, now) is not { } node)
            return;
        node.Changes++;
        node.Put(accountId, attendance);
    }

    /// <summary>A node begins to tell all its people.</summary>
    public void Begin(Guid nodeId, DateTimeOffset now)
    {
        if (Find(nodeId, now) is { } node)
            node.Fresh = [];
    }

    /// <summary>One of all of a node's people.</summary>
    public void Put(Guid nodeId, Guid accountId, Attendance attendance, DateTimeOffset now)
    {
        if (Find(nodeId, now)?.Fresh is { } fresh && fresh.Count < PeopleMax)
            fresh[accountId] = attendance;
    }

    /// <summary>A node has told all, so many; where something was missed it is asked again later.</summary>
    /// <returns>Those who were there and those who are.</returns>
    public IReadOnlyCollection<Guid> Complete(Guid nodeId, int people, long changes, DateTimeOffset now)
    {
        if (Find(nodeId, now) is not { Fresh: { } fresh } node || fresh.Count != people)
            return [];
        HashSet<Guid> concerned = [.. node.People.Keys, .. fresh.Keys];
        (node.People, node.Fresh, node.Changes) = (fresh, null, changes);
        return concerned;
    }

    /// <summary>A node lives; false where something that it told was missed.</summary>
    public bool IsWhole(Guid nodeId, long changes, DateTimeOffset now) =>
        Find(nodeId, now) is not { } node || node.Changes == changes;

    /// <summary>Forgets the nodes that are silent, and names their people.</summary>
    public List<Guid> RemoveLost(DateTimeOffset now)
    {
        var lost = _nodes.Where(node => now - node.Value.HeardAt >= PresenceRegister.NodeLostAfter).ToList();
        foreach (var (nodeId, _) in lost)
            _nodes.Remove(nodeId);
        return [.. lost.SelectMany(node => node.Value.People.Keys)];
    }

    private Node? Find(Guid nodeId, DateTimeOffset now)
    {
        if (!_nodes.TryGetValue(nodeId, out var node))
        {
            if (_nodes.Count == NodesMax)
                return null;
            _nodes[nodeId] = node = new Node();
        }

        node.HeardAt = now;
        return node;
    }

    private sealed class Node
    {
        public Dictionary<Guid, Attendance> People { get; set; } = [];

        /// <summary>What becomes of <see cref="People"/> when all of them have been told.</summary>
        public Dictionary<Guid, Attendance>? Fresh { get; set; }

        public long Changes { get; set; }

        public DateTimeOffset HeardAt { get; set; }

        public void Put(Guid accountId, Attendance attendance)
        {
            if (attendance is { Presence: Presence.Offline, Sockets: 0 })
                People.Remove(accountId);
            else if (People.Count < PeopleMax || People.ContainsKey(accountId))
                People[accountId] = attendance;
        }
    }
}
