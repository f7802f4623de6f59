namespace Chat.Api.Realtime;

/// <summary>An open socket of somebody, on this node.</summary>
/// <param name="counts">Whether it is one of the sockets that an account may have.</param>
internal sealed class OpenSocket(Guid accountId, Guid sessionId, bool counts, DateTimeOffset now)
{
    public bool Counts { get; } = counts;

    public Guid AccountId { get; } = accountId;

    public Guid SessionId { get; } = sessionId;

    public bool IsAway { get; set; }

    public DateTimeOffset ActiveAt { get; set; } = now;
}

/// <summary>The people with sockets on this node. Whoever uses it holds the register's lock.</summary>
internal sealed class LocalPeople
{
    private readonly Dictionary<Guid, Person> _people = [];

    public IReadOnlyCollection<Guid> All => _people.Keys;

    public Attendance Of(Guid accountId, DateTimeOffset now) =>
        _people.TryGetValue(accountId, out var person) ? person.At(now) : new(Presence.Offline, 0);

    public void Add(OpenSocket socket)
    {
        if (!_people.TryGetValue(socket.AccountId, out var person))
            _people[socket.AccountId] = person = new Person();
        person.Sockets.Add(socket);
    }

    public void Remove(OpenSocket socket, DateTimeOffset now)
    {
        var person = _people[socket.AccountId];
        var presence = person.At(now).Presence;
        person.Sockets.Remove(socket);
        if (person.Sockets.Count == 0)
            person.Left = (now, presence);
    }

    /// <summary>
    /// What is known of the sockets of a session, or of all of the account's; false where there are none.
    /// </summary>
    public bool Set(Guid accountId, Guid? sessionId, bool isAway, DateTimeOffset now)
    {
        if (!_people.TryGetValue(accountId, out var person))
            return false;
        var found = false;
        foreach (var socket in person.Sockets)
        {
            if (sessionId is not null && socket.SessionId != sessionId)
                continue;
            (socket.IsAway, socket.ActiveAt) = (isAway, now);
            found = true;
        }

        return found;
    }

    /// <summary>Forgets those who have been gone long enough, and names them.</summary>
    public List<Guid> RemoveGone(DateTimeOffset now)
    {
        var gone = _people.Where(person => person.Value.IsGone(now)).Select(person => person.Key).ToList();
        foreach (var accountId in gone)
            _people.Remove(accountId);
        return gone;
    }

    private sealed class Person
    {
        public List<OpenSocket> Sockets { get; } = new(1);

        public (DateTimeOffset At, Presence Presence) Left { get; set; }

        public bool IsGone(DateTimeOffset now) =>
            Sockets.Count == 0 && now - Left.At >= PresenceRegister.OfflineAfter;

        // Who has just closed the last socket is as they were: a page that is loaded again is no departure.
        public Attendance At(DateTimeOffset now) => Sockets.Count == 0
            ? new(IsGone(now) ? Presence.Offline : Left.Presence, 0)
            : new(
                Sockets.Exists(socket => !socket.IsAway && now - socket.ActiveAt < PresenceRegister.AwayAfter)
                    ? Presence.Online
                    : Presence.Away,
                Sockets.Count(socket => socket.Counts));
    }
}
