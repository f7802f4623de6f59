namespace Chat.GraphQL;

/// <summary>Subscribes to the events of a topic.</summary>
public interface ITopicEventReceiver
{
    /// <summary>
    /// Receives what is sent to the topic from now on. Each subscriber has a buffer of
    /// <see cref="GraphQLOptions.TopicBufferCapacity"/> messages; when it is full, the stream goes on to its end and
    /// then fails with a <see cref="SubscriptionOverflowException"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The topic has messages of another type.</exception>
    ValueTask<ISourceStream<TMessage>> SubscribeAsync<TMessage>(
        string topicName, CancellationToken cancellationToken = default);
}

/// <summary>
/// The messages of a topic for one subscriber, each exactly once and in order. It is read once; to dispose it, or what
/// reads it, unsubscribes.
/// </summary>
public interface ISourceStream<out TMessage> : IAsyncEnumerable<TMessage>, IAsyncDisposable;
