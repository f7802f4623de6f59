using System.Collections.Concurrent;

namespace Chat.EventStore.Tests;

/// <summary>Follows a tail in the background and keeps what it gets.</summary>
public sealed class TailFollower : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentQueue<StoredEvent> received = new();
    private readonly Task running;

    public TailFollower(EventTail tail, long after = 0, Func<Task>? afterPage = null) =>
        running = Task.Run(async () =>
        {
            await foreach (var page in tail.FollowAsync(after, stopping.Token))
            {
                foreach (var one in page)
                    received.Enqueue(one);
                if (afterPage is not null)
                    await afterPage();
            }
        });

    public IReadOnlyList<long> Sequences => [.. received.Select(one => one.Sequence)];

    public IReadOnlyList<StoredEvent> Events => [.. received];

    /// <summary>Waits for that many events; fails when they do not come within the time.</summary>
    public async Task<IReadOnlyList<long>> WaitForAsync(int events, int secondsMax = 10)
    {
        for (var tries = 0; received.Count < events; tries++)
        {
            if (running.IsFaulted)
                await running;
            tries.ShouldBeLessThan(secondsMax * 200, $"{received.Count} of {events} events came");
            await Task.Delay(5, StoreTest.Stop);
        }

        return Sequences;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }
}
