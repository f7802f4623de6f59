using Chat.EventStore;
using Chat.Projections;
using Chat.Projections.Rooms;

namespace Chat.Api.Realtime;

/// <summary>A page of the log, with the rooms of those whom it shows differently.</summary>
internal sealed record RoutedPage(IReadOnlyList<StoredEvent> Events, ILookup<Guid, Guid> RoomsOfChanged);

/// <summary>
/// Routes the log's events to the accounts on this node that watch everything: by the rooms they are in, as the log
/// itself says, so that a join, a leave or a kick holds from the very next event on.
/// </summary>
internal sealed class ViewerFeeds(SnapshotSource snapshots)
{
    /// <summary>Open invitations of an account whose end is told.</summary>
    public const int InvitationsMax = 1_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, ViewerFeed> _feeds = [];
    private readonly Dictionary<Guid, HashSet<ViewerFeed>> _byRoom = [];

    /// <summary>How many accounts are routed to.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _feeds.Count;
        }
    }

    /// <summary>An account's feed, which stays while somebody watches it; dispose the watch at the end.</summary>
    public async Task<ViewerWatch> WatchAsync(Guid accountId, CancellationToken ct)
    {
        ViewerFeed? feed;
        bool isNew;
        lock (_lock)
        {
            isNew = !_feeds.TryGetValue(accountId, out feed);
            feed ??= _feeds[accountId] = new ViewerFeed(accountId);
            feed.Watchers++;
        }

        var watch = new ViewerWatch(feed, () => Leave(feed));
        try
        {
            if (isNew)
                await LoadAsync(feed);
            await feed.Loaded.Task.WaitAsync(ct);
            return watch;
        }
        catch
        {
            watch.Dispose();
            throw;
        }
    }

    /// <summary>Takes the log's next page, which the read models show.</summary>
    public async Task PublishAsync(IReadOnlyList<StoredEvent> events, CancellationToken ct)
    {
        if (Count == 0)
            return;
        var page = new RoutedPage(events, await RoomsOfChangedAsync(events, ct));
        lock (_lock)
        {
            foreach (var stored in events)
                Route(stored, page.RoomsOfChanged);
            foreach (var feed in _feeds.Values)
                feed.Unrouted?.Add(page);
        }
    }

    /// <summary>Tells an account's own subscriptions on this node.</summary>
    public void Tell(Guid accountId, ReadMarkerMoved marker)
    {
        lock (_lock)
            _feeds.GetValueOrDefault(accountId)?.Add(marker);
    }

    private void Route(StoredEvent stored, ILookup<Guid, Guid> roomsOfChanged)
    {
        var concerned = ViewerConcern.Changed(stored) is { } person
            ? roomsOfChanged[person].SelectMany(room => _byRoom.GetValueOrDefault(room, []))
            : _byRoom.GetValueOrDefault(stored.StreamId, []);
        foreach (var feed in concerned)
            feed.Add(stored);
        if (ViewerConcern.Subject(stored) is { } subject && _feeds.TryGetValue(subject, out var own)
            && own.Unrouted is null)
            Turn(own, stored);
    }

    // An event about the account itself, which may begin or end that it sees a room.
    private void Turn(ViewerFeed feed, StoredEvent stored)
    {
        var roomId = stored.StreamId;
        if (ViewerConcern.Changed(stored) is not null)
        {
            feed.Add(stored);
        }
        else if (ViewerConcern.Entrant(stored) is not null)
        {
            Enter(feed, roomId);
            feed.Add(stored);
        }
        else if (ViewerConcern.Invitee(stored) is not null)
        {
            feed.Invitations.Add(roomId);
            feed.Add(stored);
        }
        else if (ViewerConcern.Leaver(stored) is not null)
        {
            if (feed.Invitations.Remove(roomId))
                feed.Add(stored);
            Exit(feed, roomId);
        }
    }

    private async Task LoadAsync(ViewerFeed feed)
    {
        try
        {
            // Without the token of who came first: the others wait for the same rooms.
            await using var snapshot = new ReadSnapshot(snapshots);
            var position = await new LogPosition(snapshot).ReadAsync(CancellationToken.None);
            var stays = await new StayReader(snapshot).OfAccountAsync(feed.AccountId, position, CancellationToken.None);
            var invitations = await new InvitationReader(snapshot).OfAccountAsync(
                feed.AccountId, InvitationsMax, CancellationToken.None);
            lock (_lock)
            {
                feed.Invitations.UnionWith(invitations.Select(invitation => invitation.RoomId));
                Begin(feed, position, stays);
            }

            feed.Loaded.SetResult(position);
        }
        catch (Exception e)
        {
            lock (_lock)
                _feeds.Remove(feed.AccountId);
            feed.Loaded.SetException(e);
        }
    }

    private void Begin(ViewerFeed feed, long position, List<StayRow> stays)
    {
        feed.Begin(position);
        foreach (var stay in stays)
            Enter(feed, stay.RoomId);
        var unrouted = feed.Unrouted!;
        feed.Unrouted = null;
        // What was published while the rooms were looked up, and is newer than they are.
        foreach (var page in unrouted)
        {
            foreach (var stored in page.Events.Where(stored => stored.Sequence > position))
            {
                if (ViewerConcern.Changed(stored) is { } person
                    ? page.RoomsOfChanged[person].Any(feed.Rooms.Contains)
                    : feed.Rooms.Contains(stored.StreamId))
                    feed.Add(stored);
                if (ViewerConcern.Subject(stored) == feed.AccountId)
                    Turn(feed, stored);
            }
        }
    }

    // Who was ever in a room is known there: their messages are.
    private async Task<ILookup<Guid, Guid>> RoomsOfChangedAsync(
        IReadOnlyList<StoredEvent> events, CancellationToken ct)
    {
        Guid[] changed = [.. events.Select(ViewerConcern.Changed).OfType<Guid>().Distinct()];
        if (changed.Length == 0)
            return Enumerable.Empty<Guid>().ToLookup(id => id);
        await using var snapshot = new ReadSnapshot(snapshots);
        return await new StayReader(snapshot).RoomsEverOfAsync(changed, ct);
    }

    private void Enter(ViewerFeed feed, Guid roomId)
    {
        feed.Invitations.Remove(roomId);
        if (!feed.Rooms.Add(roomId))
            return;
        if (!_byRoom.TryGetValue(roomId, out var members))
            _byRoom[roomId] = members = [];
        members.Add(feed);
    }

    private void Exit(ViewerFeed feed, Guid roomId)
    {
        if (!feed.Rooms.Remove(roomId))
            return;
        var members = _byRoom[roomId];
        members.Remove(feed);
        if (members.Count == 0)
            _byRoom.Remove(roomId);
    }

    private void Leave(ViewerFeed feed)
    {
        lock (_lock)
        {
            if (--feed.Watchers > 0)
                return;
            // One that could not be loaded has been replaced perhaps.
            if (_feeds.GetValueOrDefault(feed.AccountId) == feed)
                _feeds.Remove(feed.AccountId);
            foreach (var roomId in feed.Rooms.ToList())
                Exit(feed, roomId);
        }
    }
}

/// <summary>Somebody's hold on a feed.</summary>
internal sealed class ViewerWatch(ViewerFeed feed, Action leave) : IDisposable
{
    public ViewerFeed Feed { get; } = feed;

    public void Dispose() => leave();
}
