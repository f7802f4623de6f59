using Npgsql;

namespace Chat.EventStore;

/// <summary>A projection of this process, and what it knows of its shards.</summary>
internal sealed class FollowedProjection
{
    private readonly TimeProvider clock;
    private readonly ProgressPoll poll;

    public FollowedProjection(
        IProjection projection, EventStoreOptions store, ProjectionOptions options, NpgsqlDataSource dataSource)
    {
        if (projection.Shards is < 1 or > ProjectionOptions.ShardsMax)
            throw new ArgumentException(
                $"Projection {projection.Name} must run in 1 to {ProjectionOptions.ShardsMax} shards.",
                nameof(projection));
        if (!EventStoreOptions.IsPrintable(projection.Name))
            throw new ArgumentException(
                $"A projection needs a name of 1 to {EventStoreOptions.MaxNodeNameLength} printable characters.",
                nameof(projection));
        (Projection, clock) = (projection, store.Clock);
        Shards = [.. Shard.AllOf(projection.Name, projection.Shards)
            .Select(one => new ShardProgress(one, options.CatchingUpEvents))];
        Reader = new(store, projection.Name, Shards);
        poll = new(Reader, dataSource, options.WaitPollInterval, clock);
    }

    public IProjection Projection { get; }

    public IReadOnlyList<ShardProgress> Shards { get; }

    public ProgressReader Reader { get; }

    public ShardProgress ShardOf(Guid streamId) => Shards[Shard.NumberOf(streamId, Shards.Count) - 1];

    /// <summary>Waits until each of the shards has reached the sequence.</summary>
    public async Task WaitForAsync(
        IEnumerable<ShardProgress> shards, long sequence, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        foreach (var shard in shards)
        {
            while (true)
            {
                var changed = shard.Changed;
                if (shard.Position >= sequence)
                    break;
                var remaining = timeout - clock.GetElapsedTime(started);
                if (remaining <= TimeSpan.Zero)
                    throw new TimeoutException(
                        $"Projection {shard.Shard.Name} is at {shard.Position}, not at {sequence}, after {timeout}.");
                await ChangeAsync(shard, changed, remaining, cancellationToken);
            }
        }
    }

    // The owner is in this process and wakes us, or in another one that may die before it tells.
    private async Task ChangeAsync(
        ShardProgress shard, Task changed, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var read = shard.OwnedHere ? null : poll.Next();
        try
        {
            await (read is null ? changed : Task.WhenAny(changed, read)).WaitAsync(timeout, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The caller says so, with the position.
            return;
        }

        if (read is { IsCompleted: true } && await read is { } failure)
            throw new StoreUnavailableException($"The progress of {shard.Shard.Name} cannot be read.", failure);
    }
}
