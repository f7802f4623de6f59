namespace Chat.GraphQL;

/// <summary>Publishes events to the subscribers of a topic.</summary>
public interface ITopicEventSender
{
    /// <summary>
    /// Hands a message to all who are subscribed now, in the same order to each. It does not wait for them: one that
    /// is too slow is told so, see <see cref="SubscriptionOverflowException"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The topic has messages of another type.</exception>
    ValueTask SendAsync<TMessage>(string topicName, TMessage message, CancellationToken cancellationToken = default);

    /// <summary>Ends the streams of all who are subscribed now, once they have taken what was sent before.</summary>
    ValueTask CompleteAsync(string topicName);
}
