using System.Threading.Tasks.Sources;

namespace Chat.GraphQL;

/// <summary>
/// What one subscriber of a topic has not taken yet. It holds no memory for messages while there are none, and to wait
/// for one allocates nothing.
/// </summary>
internal sealed class TopicStream<TMessage>(Topic<TMessage> topic, int capacity)
    : ISourceStream<TMessage>, IAsyncEnumerator<TMessage>, IPublications, IValueTaskSource<bool>
{
    private readonly Lock gate = new();
    private Queue<Publication<TMessage>>? buffer;
    private Publication<TMessage>? current;
    private ManualResetValueTaskSourceCore<bool> next = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration cancellation;
    private bool isRead;
    private bool isWaiting;
    private bool isComplete;
    private bool isOverflown;

    public TMessage Current => current!.Message;

    object IPublications.Current => current!;

    public IAsyncEnumerator<TMessage> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (isRead)
            throw new InvalidOperationException("The stream can be read only once.");
        isRead = true;
        cancellation = cancellationToken.UnsafeRegister(
            static (state, token) => ((TopicStream<TMessage>)state!).Cancel(token), this);
        return this;
    }

    public ValueTask<bool> MoveNextAsync()
    {
        lock (gate)
        {
            if (buffer is not null && buffer.TryDequeue(out current))
                return new(true);
            buffer = null;
            if (isOverflown)
                return ValueTask.FromException<bool>(new SubscriptionOverflowException(topic.Name, capacity));
            if (isComplete)
                return new(false);
            next.Reset();
            isWaiting = true;
            return new(this, next.Version);
        }
    }

    public void Receive(Publication<TMessage> publication)
    {
        lock (gate)
        {
            if (isComplete || isOverflown)
                return;
            if (isWaiting)
            {
                isWaiting = false;
                current = publication;
                next.SetResult(true);
            }
            else if ((buffer ??= new()).Count < capacity)
            {
                buffer.Enqueue(publication);
            }
            else
            {
                isOverflown = true;
            }
        }
    }

    public void Complete()
    {
        lock (gate)
        {
            isComplete = true;
            if (!isWaiting)
                return;
            isWaiting = false;
            next.SetResult(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        topic.Leave(this);
        await cancellation.DisposeAsync();
        Complete();
        buffer = null;
    }

    bool IValueTaskSource<bool>.GetResult(short token) => next.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => next.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        next.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken token)
    {
        lock (gate)
        {
            isComplete = true;
            if (!isWaiting)
                return;
            isWaiting = false;
            next.SetException(new OperationCanceledException(token));
        }
    }
}
