using Chat.EventStore.Workload;
using Npgsql;

namespace Chat.EventStore.Tests.Proofs;

/// <summary>Writer processes over one database, and the judgement of what they did.</summary>
public sealed class WorkloadRig(NpgsqlDataSource dataSource, string connectionString, int seed) : IAsyncDisposable
{
    private const int AppendsMax = 20_000;

    private readonly List<WorkloadProcess> processes = [];
    private readonly Random random = new(seed);
    private readonly Lock gate = new();

    public static async Task<WorkloadRig> OpenAsync(NpgsqlDataSource dataSource, string connectionString, int seed)
    {
        await using var command = dataSource.CreateCommand(RecordedProjection.Tables);
        await command.ExecuteNonQueryAsync(StoreTest.Stop);
        return new(dataSource, connectionString, seed);
    }

    /// <summary>
    /// The seeds of a test: CHAT_STORE_SEED is the first (drawn when not set), CHAT_STORE_SEEDS how many there are.
    /// </summary>
    public static IReadOnlyList<int> Seeds(int count)
    {
        var first = NumberOf("CHAT_STORE_SEED") ?? Random.Shared.Next(1_000_000);
        return [.. Enumerable.Range(first, NumberOf("CHAT_STORE_SEEDS") ?? count)];
    }

    public static IReadOnlyList<Guid> NewStreams(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Guid.NewGuid())];

    /// <summary>A process whose runtime is up or coming up, and that waits for its plan.</summary>
    public WorkloadProcess NewProcess()
    {
        var process = new WorkloadProcess();
        lock (gate)
            processes.Add(process);
        return process;
    }

    /// <summary>A number that the seed decides, for what the test varies.</summary>
    public int Draw(int min = 0, int max = int.MaxValue)
    {
        lock (gate)
            return random.Next(min, max);
    }

    public WorkloadPlan NewPlan(string name, IReadOnlyList<Guid> streams) => new()
    {
        Name = name,
        ConnectionString = connectionString,
        Seed = Draw(),
        Streams = streams,
        Shared = $"shared-{seed}",
        TailAfter = 0,
        Projects = true,
    };

    public async Task<long> LastSequenceAsync()
    {
        await using var command = dataSource.CreateCommand("SELECT coalesce(max(seq_id), 0) FROM mt_events");
        return (long)(await command.ExecuteScalarAsync(StoreTest.Stop))!;
    }

    /// <summary>Processes that send until they are told to stop.</summary>
    public async Task<IReadOnlyList<WorkloadProcess>> StartAsync(int count, IReadOnlyList<Guid> streams)
    {
        var started = Enumerable.Range(0, count).Select(_ => NewProcess()).ToArray();
        await Task.WhenAll(started.Select((process, index) => process.StartAsync(
            NewPlan($"seed-{seed}-process-{index}", streams) with
            {
                AppendsPerCaller = AppendsMax,
                SharedAppends = AppendsMax / 2,
            })));
        return started;
    }

    /// <summary>Lets those that have sent all come to the end of the log.</summary>
    public async Task FinishAsync(params IReadOnlyList<WorkloadProcess> loaded)
    {
        foreach (var process in loaded)
            await process.ReachAsync(Marks.Loaded);
        var last = await LastSequenceAsync();
        await Task.WhenAll(loaded.Select(process => process.FinishAsync(last)));
    }

    /// <summary>Fails where an invariant does not hold; prints the counts.</summary>
    public async Task<History> ShouldHoldAsync(string what)
    {
        var history = History.Of(processes);
        var log = await StoredLog.ReadAsync(dataSource);
        Console.WriteLine(
            $"measured: {what}, seed {seed}: {processes.Count(one => one.Plan is not null)} processes, "
            + $"{processes.Count(one => one.WasKilled)} killed, {history.Counts}; {log.Events.Count} events");
        Invariants.ShouldHold(new(history, log));
        return history;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
            await process.DisposeAsync();
    }

    private static int? NumberOf(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text) : null;
}
