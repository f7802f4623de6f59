using System.Runtime.CompilerServices;

namespace Chat.GraphQL;

/// <summary>Topics whose events can be read again.</summary>
public static class TopicEventReceiverExtensions
{
    /// <summary>
    /// Reads a topic whose events are also kept in a log: first what the log has after a position, then live, each
    /// exactly once and in order. A subscriber whose buffer overflows reads on from the log and loses nothing.
    /// </summary>
    /// <param name="receiver">Where the topic is subscribed to.</param>
    /// <param name="topicName">The topic.</param>
    /// <param name="positionOf">The position of an event: it rises from event to event.</param>
    /// <param name="readAfter">
    /// Reads the log after a position, in order, up to its end. An event must be there before it is sent to the topic.
    /// </param>
    /// <param name="after">The position to begin after; null begins with what is sent from now on.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public static async IAsyncEnumerable<TMessage> ReadFromAsync<TMessage>(
        this ITopicEventReceiver receiver, string topicName, Func<TMessage, long> positionOf,
        Func<long, CancellationToken, IAsyncEnumerable<TMessage>> readAfter, long? after,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        ArgumentNullException.ThrowIfNull(positionOf);
        ArgumentNullException.ThrowIfNull(readAfter);
        for (var isBehind = true; isBehind;)
        {
            // Subscribed first: what the log does not show yet, the topic will.
            await using var live = await receiver.SubscribeAsync<TMessage>(topicName, cancellationToken);
            if (after is { } known)
            {
                await foreach (var message in readAfter(known, cancellationToken))
                {
                    after = positionOf(message);
                    yield return message;
                }
            }

            await using var messages = live.GetAsyncEnumerator(cancellationToken);
            isBehind = false;
            while (true)
            {
                try
                {
                    if (!await messages.MoveNextAsync())
                        break;
                }
                catch (SubscriptionOverflowException)
                {
                    isBehind = true;
                    break;
                }

                var position = positionOf(messages.Current);
                if (position <= after)
                    continue;
                after = position;
                yield return messages.Current;
            }
        }
    }
}
