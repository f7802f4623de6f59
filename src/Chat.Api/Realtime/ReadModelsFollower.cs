using Chat.Api.Hosting;
using Chat.Api.Rooms;
using Chat.EventStore;
using Chat.Projections;
using Npgsql;

namespace Chat.Api.Realtime;

/// <summary>
/// Follows the log for the whole process. A page is handed on when the read models have reached it: whoever is told of an event
/// finds it, and everything before it, in a query.
/// </summary>
internal sealed class ReadModelsFollower(
    EventLog log, ProjectionDaemon daemon, NpgsqlDataSource database, RoomStates states, RoomFeeds feeds, ChatOptions options,
    TimeProvider clock, ILogger<ReadModelsFollower> logger)
{
    public static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(200);

    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when every event that is projected from now on will be handed on.</summary>
    public Task Started => _started.Task;

    /// <summary>Returns when the read models show everything up to a position of the log.</summary>
    /// <exception cref="ProjectionLagException">They did not within <see cref="ChatOptions.CommandDeadline"/>.</exception>
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
                position ??= await ProjectedPositionAsync(ct);
                _started.TrySetResult();
                await foreach (var page in log.Tail.FollowAsync(position.Value, ct))
                {
                    await WaitForAsync(page[^1].Sequence, ct);
                    states.Follow(page);
                    feeds.Publish(page);
                    position = page[^1].Sequence;
                }
            }
            catch (Exception e) when (Unavailable.Is(e))
            {
                logger.LogWarning("Live events wait for the read models, at {Position} of the log: {Reason}", position, e.Message);
                await Task.Delay(RetryAfter, clock, ct);
            }
        }
    }

    private async Task<long> ProjectedPositionAsync(CancellationToken ct)
    {
        await using var snapshot = new ReadSnapshot(database);
        return await new LogPosition(snapshot).ReadAsync(ct);
    }
}
