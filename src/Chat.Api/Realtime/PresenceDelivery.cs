using Chat.EventStore;
using Chat.Projections;
using Chat.Projections.Rooms;

namespace Chat.Api.Realtime;

/// <summary>Tells the watchers of rooms on this node how their people come and go.</summary>
internal sealed class PresenceDelivery(
    PresenceRegister register, SnapshotSource snapshots, TimeProvider clock, ILogger<PresenceDelivery> logger)
    : BackgroundService
{
    public static readonly TimeSpan DeliverEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>People whose rooms are looked up at once.</summary>
    public const int PeopleMax = 500;

    public RoomWatchers<PresenceSignal> Watchers { get; } = new();

    /// <summary>
    /// Takes the log's next page: who is new in a watched room is told, and who is out watches no more.
    /// </summary>
    public void Follow(IReadOnlyList<StoredEvent> page)
    {
        Watchers.Follow(page);
        register.TellAgain(page
            .Where(stored => Watchers.Has(stored.StreamId)).Select(ViewerConcern.Entrant).OfType<Guid>());
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(DeliverEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var changes = register.TakeChanges();
            if (Watchers.IsEmpty)
                continue;
            foreach (var some in changes.Chunk(PeopleMax))
                await DeliverAsync(some, stoppingToken);
        }
    }

    private async Task DeliverAsync(PresenceSignal[] changes, CancellationToken ct)
    {
        try
        {
            await using var snapshot = new ReadSnapshot(snapshots);
            var rooms = await new CompanionReader(snapshot).RoomsOfAsync(
                [.. changes.Select(change => change.AccountId)], ct);
            foreach (var change in changes)
            {
                foreach (var roomId in rooms[change.AccountId])
                    Watchers.Tell(roomId, change);
            }
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // They are told when the rooms can be looked up again; an outage says enough of itself elsewhere.
            register.TellAgain(changes.Select(change => change.AccountId));
            logger.Log(Unavailable.Is(e) ? LogLevel.Debug : LogLevel.Error, e, "Presence was not delivered.");
        }
    }
}
