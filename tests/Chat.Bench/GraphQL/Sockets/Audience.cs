namespace Chat.Bench.GraphQL.Sockets;

/// <summary>Everybody who has subscribed to the messages of one server.</summary>
internal sealed class Audience : IAsyncDisposable
{
    /// <summary>Sockets that are opened at the same time; the server's queue of new connections is not long.</summary>
    private const int OpeningAtOnce = 50;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    /// <summary>Between two messages to those who might have subscribed meanwhile.</summary>
    private static readonly TimeSpan ProbePause = TimeSpan.FromMilliseconds(500);

    private readonly MeasuredServer server;
    private readonly List<SubscriberSocket> sockets = [];
    private readonly List<Task> listening = [];

    private Audience(MeasuredServer server) => this.server = server;

    public Deliveries Deliveries { get; } = new();

    /// <summary>Opens sockets with subscriptions, and waits until a message has reached every one.</summary>
    public static async Task<Audience> GatherAsync(
        MeasuredServer server, string query, int sockets, int subscriptions, CancellationToken cancellation)
    {
        var audience = new Audience(server);
        try
        {
            foreach (var chunk in Enumerable.Range(0, sockets).Chunk(OpeningAtOnce))
            {
                audience.sockets.AddRange(await Task.WhenAll(chunk.Select(_ => SubscriberSocket.OpenAsync(
                    server.Address, query, subscriptions, audience.Deliveries, cancellation))));
            }

            audience.listening.AddRange(audience.sockets.Select(socket => socket.ListenAsync()));
            while (audience.sockets.Sum(socket => socket.Silent) > 0)
            {
                // A subscription is not acknowledged; only a message tells that it is there.
                await server.PublishAsync(1);
                await Task.Delay(ProbePause, cancellation);
                audience.ThrowIfEnded();
            }

            return audience;
        }
        catch
        {
            await audience.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Waits until the last message has reached everyone; false when that takes longer than <paramref name="max"/>.
    /// </summary>
    public async Task<bool> HasAllAsync(TimeSpan max, CancellationToken cancellation)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!sockets.TrueForAll(socket => socket.HasAll(server.Published)))
        {
            if (clock.Elapsed > max)
                return false;
            ThrowIfEnded();
            await Task.Delay(Pause, cancellation);
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var socket in sockets)
            socket.Dispose();
        await Task.WhenAll(listening);
    }

    private void ThrowIfEnded()
    {
        if (listening.Find(task => task.IsFaulted)?.Exception is { } exception)
            throw exception.GetBaseException();
    }
}
