using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.EventStore.Tests;

/// <summary>Daemons as separate processes would run them, over projections that record what they get.</summary>
public abstract class DaemonTest(StoreDatabase database) : StoreTest(database)
{
    /// <summary>A condition on <c>pg_locks</c>: the server's other databases are those of other tests.</summary>
    protected const string AdvisoryHere =
        """
        locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    protected Guid Room { get; } = Guid.NewGuid();

    protected static async Task EventuallyAsync(Func<bool> holds, string? what = null)
    {
        for (var tries = 0; !holds(); tries++)
        {
            tries.ShouldBeLessThan(500, what);
            await Task.Delay(20, Stop);
        }
    }

    protected static RunningDaemon Run(EventStore store, params IProjection[] projections) =>
        new(NewDaemon(store, null, projections));

    protected static RunningDaemon Run(
        EventStore store, Action<ProjectionOptions> change, params IProjection[] projections) =>
        new(NewDaemon(store, change, projections));

    protected static ProjectionDaemon NewDaemon(
        EventStore store, Action<ProjectionOptions>? change, params IProjection[] projections)
    {
        var options = new ProjectionOptions
        {
            OwnershipInterval = TimeSpan.FromMilliseconds(200),
            OwnerCheckInterval = TimeSpan.FromMilliseconds(200),
            RetryDelayMin = TimeSpan.FromMilliseconds(20),
        };
        change?.Invoke(options);
        return new(store, store.DataSource, projections, options, NullLogger<ProjectionDaemon>.Instance);
    }

    protected Task MakeTableAsync() => ExecuteAsync(
        """
        CREATE TABLE recorded (
            projection text, sequence bigint, applied bigserial, PRIMARY KEY (projection, sequence))
        """);

    protected async Task<long> PostManyAsync(int count) => await PostToAsync([Room], count);

    /// <summary>Posts to streams in turn, one event each.</summary>
    protected async Task<long> PostToAsync(IReadOnlyList<Guid> rooms, int count) =>
        (await Task.WhenAll(Enumerable.Range(0, count).Select(i => PostAsync(rooms[i % rooms.Count]))))
        .Max(one => one.LastSequence);

    protected async Task ShouldHaveRecordedAllAsync(string projection = "Recorded") => (await ScalarAsync<long>(
        $"""
        SELECT count(*) FROM mt_events e
        FULL JOIN (SELECT sequence FROM recorded WHERE projection = '{projection}') r ON r.sequence = e.seq_id
        WHERE r.sequence IS NULL OR e.seq_id IS NULL
        """)).ShouldBe(0);
}
