namespace Chat.GraphQL;

/// <summary>
/// A subscriber took its events so slowly that its buffer became full: what was sent after that is missing from the
/// stream. A source that knows a position reads on from there, as <see cref="TopicEventReceiverExtensions"/> does. From
/// any other the exception ends the subscription: the client is sent <c>error</c> with the code SUBSCRIPTION_OVERFLOW.
/// </summary>
public sealed class SubscriptionOverflowException(string topicName, int capacity) : Exception(
    $"The subscriber of {topicName} is more than {capacity} events behind.")
{
    /// <summary>The topic whose events are missing.</summary>
    public string TopicName { get; } = topicName;
}
