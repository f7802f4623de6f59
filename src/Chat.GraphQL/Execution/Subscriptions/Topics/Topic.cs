namespace Chat.GraphQL;

/// <summary>A topic, whatever its messages are.</summary>
internal abstract class Topic(string name)
{
    public string Name { get; } = name;

    public abstract void Complete();

    public Topic<TMessage> Of<TMessage>() => this as Topic<TMessage> ?? throw new InvalidOperationException(
        $"The topic {Name} does not have messages of type {typeof(TMessage)}.");
}

/// <summary>The subscribers of a topic. Who is the last to leave takes the topic away.</summary>
internal sealed class Topic<TMessage>(string name, InMemoryTopics owner) : Topic(name)
{
    private readonly Lock gate = new();
    private readonly HashSet<TopicStream<TMessage>> subscribers = [];
    private bool isRemoved;

    public TopicStream<TMessage>? TrySubscribe(int capacity)
    {
        lock (gate)
        {
            if (isRemoved)
                return null;
            var stream = new TopicStream<TMessage>(this, capacity);
            subscribers.Add(stream);
            return stream;
        }
    }

    public void Send(TMessage message)
    {
        var publication = new Publication<TMessage>(message);
        // Under the lock, so that all subscribers see the same order.
        lock (gate)
        {
            foreach (var subscriber in subscribers)
                subscriber.Receive(publication);
        }
    }

    public override void Complete()
    {
        lock (gate)
        {
            foreach (var subscriber in subscribers)
                subscriber.Complete();
        }
    }

    public void Leave(TopicStream<TMessage> stream)
    {
        lock (gate)
        {
            if (!subscribers.Remove(stream) || subscribers.Count > 0)
                return;
            isRemoved = true;
        }

        owner.Remove(this);
    }
}

/// <summary>A message as it was sent once; the same message sent again is another publication.</summary>
internal sealed class Publication<TMessage>(TMessage message)
{
    public TMessage Message { get; } = message;
}
