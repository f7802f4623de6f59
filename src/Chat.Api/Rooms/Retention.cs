using Chat.Api.Hosting;
using Chat.Domain.Rooms;
using Chat.EventStore;
using Chat.Projections;
using Chat.Projections.Messages;
using Chat.Projections.Rooms;

namespace Chat.Api.Rooms;

/// <summary>
/// Lets messages go that are older than their rooms keep them. Every node does it: an append rests on the room's
/// settings, and what has expired already is no step.
/// </summary>
internal sealed class Retention(
    EventLog log, RoomStates states, SnapshotSource snapshots, Readiness readiness, TimeProvider clock,
    ILogger<Retention> logger) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    public static readonly TimeSpan StartWithin = TimeSpan.FromMinutes(1);

    /// <summary>Rooms that are looked at in one read.</summary>
    public const int PageRooms = 100;

    public async Task RunOnceAsync(DateTimeOffset now, CancellationToken ct)
    {
        Guid? after = null;
        while (true)
        {
            var rooms = await PageAsync(after, ct);
            foreach (var room in rooms)
                await ExpireAsync(room, now, ct);
            if (rooms.Count < PageRooms)
                return;
            after = rooms[^1];
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(StartWithin, clock, stoppingToken);
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                if (readiness.IsDatabaseReady)
                    await RunOnceAsync(clock.GetUtcNow(), stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // What was not done now is done next time.
                logger.LogWarning(e, "Messages that are past their room's retention could not all be let go.");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<List<Guid>> PageAsync(Guid? after, CancellationToken ct)
    {
        await using var snapshot = new ReadSnapshot(snapshots);
        return await new RoomReader(snapshot).WithRetentionAsync(after, PageRooms, ct);
    }

    private async Task ExpireAsync(Guid roomId, DateTimeOffset now, CancellationToken ct)
    {
        if (await states.FreshAsync(roomId, ct) is not { } state
            || ExpireHistory.Before(state.Room, now) is not { } before
            || await LastBeforeAsync(state.Room, before, ct) is not { } through)
            return;
        var decision = new ExpireHistory(through).Decide(state.Room);
        if (decision.Events.Count == 0)
            return;
        try
        {
            await log.AppendAsync(
                new Append
                {
                    StreamId = roomId,
                    StreamType = RoomCommands.StreamType,
                    Events = RoomCommands.Tagged(decision.Events, Guid.CreateVersion7(now)),
                    Condition = AppendCondition.Untouched(state.Version, [.. ExpireHistory.RestsOn]),
                },
                ct);
        }
        catch (ConcurrencyException)
        {
            // The room's settings changed, or another node was first: decided again next time.
        }
    }

    private async Task<long?> LastBeforeAsync(Room room, DateTimeOffset before, CancellationToken ct)
    {
        await using var snapshot = new ReadSnapshot(snapshots);
        return await new MessageReader(snapshot).LastBeforeAsync(room.Id, before, ct);
    }
}
