using Npgsql;

namespace Chat.EventStore.Workload;

/// <summary>A process's store, tail, projection daemon and callers, from the plan to the end.</summary>
internal sealed class WorkloadRun(WorkloadPlan plan, LineWriter lines)
{
    private static readonly TimeSpan FinishMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly TaskCompletionSource<long> end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool isLoadOver;
    private long seen;

    /// <summary>The process may end when its tail and its projection have come to this sequence.</summary>
    public void EndAt(long sequence) => end.TrySetResult(sequence);

    /// <summary>No further appends; what is under way comes to its end.</summary>
    public void StopLoad() => isLoadOver = true;

    public async Task RunAsync()
    {
        await using var dataSource = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(plan.ConnectionString)
        {
            ApplicationName = plan.Name,
        });
        await using var store = new EventStore(dataSource, Options(), new StandardErrorLogger<EventStore>());
        var daemon = new ProjectionDaemon(
            store,
            dataSource,
            [new RecordedProjection()],
            new() { OwnershipInterval = TimeSpan.FromMilliseconds(200) },
            new StandardErrorLogger<ProjectionDaemon>());
        using var stopping = new CancellationTokenSource();
        var projecting = plan.Projects ? Task.Run(() => daemon.RunAsync(stopping.Token)) : Task.CompletedTask;
        var following = plan.TailAfter is { } after ? FollowAsync(store, after, stopping.Token) : Task.CompletedTask;

        lines.Write(new() { Mark = Marks.Started });
        await LoadAsync(new(store, plan.Name, lines));
        lines.Write(new() { Mark = Marks.Loaded });

        await ComeToEndAsync(daemon).WaitAsync(FinishMax);
        await stopping.CancelAsync();
        await Task.WhenAll(projecting, following);
        lines.Write(new() { Mark = Marks.Finished });
    }

    private async Task ComeToEndAsync(ProjectionDaemon daemon)
    {
        var last = await end.Task;
        while (plan.TailAfter is not null && Interlocked.Read(ref seen) < last)
            await Task.Delay(Pause);
        if (plan.Projects)
            await daemon.WaitForAsync(RecordedProjection.Named, last, FinishMax, CancellationToken.None);
    }

    private EventStoreOptions Options()
    {
        var options = new EventStoreOptions
        {
            NodeName = plan.Name,
            AppendDeadline = TimeSpan.FromSeconds(plan.AppendDeadlineSeconds),
            ReconnectDelayMax = TimeSpan.FromMilliseconds(500),
        };
        options.Types.Map<Happened>();
        return options;
    }

    private async Task LoadAsync(Sender sender)
    {
        var callers = Enumerable.Range(0, plan.Callers).Select(index => new Caller(plan, index, sender)).ToArray();
        await Task.WhenAll(callers.Select((caller, index) => Task.Run(async () =>
        {
            foreach (var attempt in plan.Retries.Where((_, place) => place % callers.Length == index))
                await caller.SendAsync(attempt);
        })));
        await Task.WhenAll(callers.Select(caller => Task.Run(() => caller.RunAsync(() => isLoadOver))));
    }

    private async Task FollowAsync(EventStore store, long after, CancellationToken cancellationToken)
    {
        try
        {
            Interlocked.Exchange(ref seen, after);
            await foreach (var page in store.Tail.FollowAsync(after, cancellationToken))
            {
                lines.Write(new()
                {
                    Seen = [.. page.Select(one => new SeenEvent(one.Sequence, one.Id, one.StreamId, one.Version))],
                });
                Interlocked.Exchange(ref seen, page[^1].Sequence);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }
}
