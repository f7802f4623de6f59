using System.Collections.Concurrent;

namespace Chat.GraphQL;

/// <summary>Topics within this process. A topic exists as long as it has subscribers.</summary>
internal sealed class InMemoryTopics(GraphQLOptions options) : ITopicEventSender, ITopicEventReceiver
{
    private readonly ConcurrentDictionary<string, Topic> topics = new(StringComparer.Ordinal);

    public int Count => topics.Count;

    public ValueTask SendAsync<TMessage>(
        string topicName, TMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topicName);
        if (topics.TryGetValue(topicName, out var topic))
            topic.Of<TMessage>().Send(message);
        return ValueTask.CompletedTask;
    }

    public ValueTask CompleteAsync(string topicName)
    {
        ArgumentNullException.ThrowIfNull(topicName);
        if (topics.TryGetValue(topicName, out var topic))
            topic.Complete();
        return ValueTask.CompletedTask;
    }

    public ValueTask<ISourceStream<TMessage>> SubscribeAsync<TMessage>(
        string topicName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topicName);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var topic = topics.GetOrAdd(topicName, static (name, owner) => new Topic<TMessage>(name, owner), this)
                .Of<TMessage>();
            if (topic.TrySubscribe(options.TopicBufferCapacity) is { } stream)
                return new(stream);
        }
    }

    public void Remove(Topic topic) => topics.TryRemove(KeyValuePair.Create(topic.Name, topic));
}
