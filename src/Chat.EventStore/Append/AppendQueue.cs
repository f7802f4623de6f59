using System.Threading.Channels;

namespace Chat.EventStore;

/// <summary>
/// Where appends wait for the writer: bounded in number and in bytes. Who finds no place waits for one, up to the
/// deadline of the append.
/// </summary>
internal sealed class AppendQueue(EventStoreOptions options)
{
    private readonly ByteBudget budget = new(options.AppendQueueBytes);

    private readonly Channel<PendingAppend> appends = Channel.CreateBounded<PendingAppend>(
        new BoundedChannelOptions(options.AppendQueueCapacity) { SingleReader = true });

    /// <summary>For the writer.</summary>
    public ChannelReader<PendingAppend> Reader => appends.Reader;

    /// <summary>Nothing more comes in.</summary>
    public void Close() => appends.Writer.TryComplete();

    /// <summary>Puts an append at the end.</summary>
    /// <exception cref="AppendOverloadedException">There was no place until the deadline.</exception>
    public async ValueTask EnterAsync(PendingAppend pending, CancellationToken cancellationToken)
    {
        if (budget.TryTake(pending.Append.Bytes))
        {
            if (appends.Writer.TryWrite(pending))
                return;
            budget.Return(pending.Append.Bytes);
        }

        await WaitForPlaceAsync(pending, cancellationToken);
    }

    /// <summary>The append's caller has its outcome.</summary>
    public void Leave(PendingAppend pending) => budget.Return(pending.Append.Bytes);

    private async Task WaitForPlaceAsync(PendingAppend pending, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.AppendDeadline, options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await budget.TakeAsync(pending.Append.Bytes, either.Token);
            await WriteAsync(pending, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AppendOverloadedException(
                $"{options.AppendQueueCapacity} appends or {options.AppendQueueBytes} bytes were waiting for "
                + $"{options.AppendDeadline}.");
        }
        catch (ChannelClosedException e)
        {
            throw new ObjectDisposedException("The event store is closed.", e);
        }
    }

    private async Task WriteAsync(PendingAppend pending, CancellationToken cancellationToken)
    {
        try
        {
            await appends.Writer.WriteAsync(pending, cancellationToken);
        }
        catch
        {
            budget.Return(pending.Append.Bytes);
            throw;
        }
    }
}
