using StackExchange.Redis;

namespace Chat.Api.Realtime.Backplanes;

/// <summary>Publish and subscribe of Redis.</summary>
internal sealed class RedisBackplane(RedisConnection redis) : IBackplane
{
    private readonly RedisChannel _channel = new($"{redis.Prefix}signals", RedisChannel.PatternMode.Literal);

    public int MessageBytesMax => 60_000;

    public async Task SendAsync(IReadOnlyList<string> messages, CancellationToken ct)
    {
        var subscriber = (await redis.OpenAsync(ct)).GetSubscriber();
        // One connection, used by one sender: they arrive in the order in which they were written to it.
        await Task.WhenAll(messages.Select(message => subscriber.PublishAsync(_channel, message))).WaitAsync(ct);
    }

    public async Task ListenAsync(Action connected, Action<string> heard, CancellationToken ct)
    {
        var connection = await redis.OpenAsync(ct);
        var subscriber = connection.GetSubscriber();
        void Restored(object? sender, ConnectionFailedEventArgs e)
        {
            if (e.ConnectionType == ConnectionType.Subscription)
                connected();
        }

        void Heard(RedisChannel channel, RedisValue message) => heard(message!);
        connection.ConnectionRestored += Restored;
        try
        {
            await subscriber.SubscribeAsync(_channel, Heard).WaitAsync(ct);
            if (connection.IsConnected)
                connected();
            await Task.Delay(Timeout.InfiniteTimeSpan, ct);
        }
        finally
        {
            connection.ConnectionRestored -= Restored;
            await subscriber.UnsubscribeAsync(_channel, Heard);
        }
    }
}
