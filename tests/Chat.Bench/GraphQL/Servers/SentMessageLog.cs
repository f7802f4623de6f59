using System.Threading.Channels;

namespace Chat.Bench.GraphQL.Servers;

/// <summary>Hands each message that is sent to all who have subscribed.</summary>
public sealed class SentMessageLog
{
    private readonly Lock gate = new();
    private readonly HashSet<Subscriber> subscribers = [];

    public Subscriber Subscribe()
    {
        var subscriber = new Subscriber(this);
        lock (gate)
            subscribers.Add(subscriber);
        return subscriber;
    }

    public void Publish(Message message)
    {
        lock (gate)
        {
            foreach (var subscriber in subscribers)
                subscriber.Take(message);
        }
    }

    /// <summary>One who subscribed, until disposed of.</summary>
    public sealed class Subscriber(SentMessageLog log) : IDisposable
    {
        // Nothing may be lost: the bench bounds what it sends.
        private readonly Channel<Message> channel =
            Channel.CreateUnbounded<Message>(new UnboundedChannelOptions { SingleReader = true });

        public ChannelReader<Message> Messages => channel.Reader;

        public void Take(Message message) => channel.Writer.TryWrite(message);

        public void Dispose()
        {
            lock (log.gate)
                log.subscribers.Remove(this);
        }
    }
}
