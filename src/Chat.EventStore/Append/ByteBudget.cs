namespace Chat.EventStore;

/// <summary>
/// Bytes that callers may have under way together; who finds too few left waits, first come first served.
/// </summary>
internal sealed class ByteBudget(long bytesMax)
{
    private readonly Lock gate = new();
    private readonly LinkedList<Waiter> waiting = new();
    private long left = bytesMax;

    /// <summary>Takes bytes if they are left and nobody waits for some.</summary>
    public bool TryTake(long bytes)
    {
        lock (gate)
        {
            if (waiting.Count > 0 || bytes > left)
                return false;
            left -= bytes;
            return true;
        }
    }

    /// <summary>Takes bytes, at most the whole budget, at once or when others have given back enough.</summary>
    public async Task TakeAsync(long bytes, CancellationToken cancellationToken)
    {
        var waiter = new Waiter(bytes);
        LinkedListNode<Waiter> place;
        lock (gate)
        {
            place = waiting.AddLast(waiter);
            Serve();
        }

        try
        {
            await waiter.Served.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            lock (gate)
            {
                if (place.List is null)
                    left += bytes;
                else
                    waiting.Remove(place);
                Serve();
            }

            throw;
        }
    }

    /// <summary>Gives bytes back.</summary>
    public void Return(long bytes)
    {
        lock (gate)
        {
            left += bytes;
            Serve();
        }
    }

    private void Serve()
    {
        while (waiting.First is { } first && first.Value.Bytes <= left)
        {
            left -= first.Value.Bytes;
            waiting.RemoveFirst();
            first.Value.Served.SetResult();
        }
    }

    private sealed class Waiter(long bytes)
    {
        public long Bytes { get; } = bytes;

        public TaskCompletionSource Served { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
