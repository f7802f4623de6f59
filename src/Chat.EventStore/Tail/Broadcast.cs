namespace Chat.EventStore;

/// <summary>
/// Wakes all who wait. Take <see cref="Next"/> before looking at what may have changed: what happens after that ends
/// the wait.
/// </summary>
internal sealed class Broadcast
{
    private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Next => Volatile.Read(ref next).Task;

    public void Raise() =>
        Interlocked.Exchange(ref next, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
}
