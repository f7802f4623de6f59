using Chat.Api.Accounts;
using Chat.Api.Hosting;
using Chat.Api.Rooms;
using Chat.EventStore;
using Chat.Projections;

namespace Chat.Api.Realtime;

/// <summary>
/// Follows the log for the whole process. A page is handed on when the read models have reached it: whoever is told of
/// an event finds it, and everything before it, in a query.
/// </summary>
internal sealed class ReadModelsFollower(
    EventLog log, ProjectionDaemon daemon, SnapshotSource snapshots, RoomStates states, RoomFeeds feeds,
    TypingRooms typing, PresenceRegister presence, PresenceDelivery presences, ViewerFeeds viewers,
    KnownPeople people, ChatOptions options, TimeProvider clock, ILogger<ReadModelsFollower> logger)
{
    public static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(200);

    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Why live events are interrupted; null while they flow.</summary>
    public string? LastError { get; private set; }

    /// <summary>Completes when every event that is projected from now on will be handed on.</summary>
    public Task Started => _started.Task;

    /// <summary>Returns when the read models show everything up to a position of the log.</summary>
    /// <exception cref="ProjectionLagException">
    /// They did not within <see cref="ChatOptions.CommandDeadline"/>.
    /// </exception>
    public async Task WaitForAsync(long sequence, CancellationToken ct)
    {
        try
        {
            await daemon.WaitForAsync(ReadModels.ProjectionName, sequence, options.CommandDeadline, ct);
        }
        catch (TimeoutException e)
        {
            throw new ProjectionLagException(options.CommandDeadline, e);
        }
    }

    public async Task RunAsync(CancellationToken ct)
    {
        long? position = null;
        while (true)
        {
            try
            {
                if (position is null)
                    people.Begin((position = await ProjectedPositionAsync(ct)).Value);
                _started.TrySetResult();
                await foreach (var page in log.Tail.FollowAsync(position.Value, ct))
                {
                    await WaitForAsync(page[^1].Sequence, ct);
                    states.Follow(page);
                    people.Follow(page);
                    feeds.Publish(page);
                    await viewers.PublishAsync(page, ct);
                    typing.Follow(page);
                    presence.Follow(page);
                    presences.Follow(page);
                    position = page[^1].Sequence;
                    LastError = null;
                }
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                // Whatever it was, live events must go on: from the same position, so that nothing is skipped.
                LastError = e.Message;
                logger.LogWarning(e, "Live events are interrupted at {Position} of the log.", position);
                await Task.Delay(RetryAfter, clock, ct);
            }
        }
    }

    private async Task<long> ProjectedPositionAsync(CancellationToken ct)
    {
        await using var snapshot = new ReadSnapshot(snapshots);
        return await new LogPosition(snapshot).ReadAsync(ct);
    }
}
