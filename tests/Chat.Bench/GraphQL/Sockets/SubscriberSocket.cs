using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Chat.Bench.GraphQL.Sockets;

/// <summary>A socket of graphql-transport-ws with subscriptions to the messages; counts what arrives.</summary>
internal sealed class SubscriberSocket : IDisposable
{
    private const int MessageMax = 4 * 1024;
    private const int HandshakeMax = 4 * 1024;

    /// <summary>A key of RFC 6455, section 4.1; the answer to it is not looked at.</summary>
    private const string Key = "dGhlIHNhbXBsZSBub25jZQ==";

    private readonly WebSocket socket;
    private readonly Deliveries deliveries;
    private readonly int[] latest;
    private readonly byte[] buffer = new byte[MessageMax];

    private SubscriberSocket(WebSocket socket, int subscriptions, Deliveries deliveries)
    {
        this.socket = socket;
        this.deliveries = deliveries;
        latest = new int[subscriptions];
    }

    /// <summary>Whether each subscription has delivered the message of this number.</summary>
    public bool HasAll(int number) => Array.TrueForAll(latest, one => one == number);

    /// <summary>Subscriptions to which nothing has come yet.</summary>
    public int Silent => latest.Count(one => one == 0);

    public static async Task<SubscriberSocket> OpenAsync(
        Uri server, string query, int subscriptions, Deliveries deliveries, CancellationToken cancellation)
    {
        var tcp = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await tcp.ConnectAsync(server.Host, server.Port, cancellation);
        var stream = new NetworkStream(tcp, ownsSocket: true);
        await ShakeHandsAsync(stream, server, cancellation);
        var subscriber = new SubscriberSocket(
            WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { KeepAliveInterval = TimeSpan.Zero }),
            subscriptions, deliveries);
        await subscriber.SendAsync("""{"type":"connection_init"}""", cancellation);
        await subscriber.socket.ReceiveAsync(subscriber.buffer, cancellation);
        for (var id = 1; id <= subscriptions; id++)
        {
            await subscriber.SendAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $$$"""{"id":"{{{id}}}","type":"subscribe","payload":{"query":"{{{query}}}"}}"""),
                cancellation);
        }

        return subscriber;
    }

    /// <summary>Receives until the socket is disposed of.</summary>
    public async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                var result = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (result.MessageType == WebSocketMessageType.Close || !result.EndOfMessage)
                    throw new InvalidOperationException($"A socket ended: {socket.CloseStatus}");
                Take(buffer.AsSpan(0, result.Count));
            }
        }
        catch (Exception exception) when (exception is WebSocketException or ObjectDisposedException)
        {
            // The end of a round, or lost deliveries, which are counted.
        }
    }

    public void Dispose() => socket.Dispose();

    private void Take(ReadOnlySpan<byte> message)
    {
        var now = Stopwatch.GetTimestamp();
        var number = NumberAfter("\"messageSent\":{\"id\":"u8, message);
        var subscription = NumberAfter("\"id\":\""u8, message) - 1;
        if (number is null || subscription is null)
            throw new InvalidOperationException($"A server sent {Encoding.UTF8.GetString(message)}");
        ref var last = ref latest[subscription.Value];
        deliveries.Add(message, last, number.Value, now);
        last = number.Value;
    }

    private static int? NumberAfter(ReadOnlySpan<byte> name, ReadOnlySpan<byte> message)
    {
        var at = message.IndexOf(name);
        return at >= 0 && System.Buffers.Text.Utf8Parser.TryParse(message[(at + name.Length)..], out int number, out _)
            ? number
            : null;
    }

    private ValueTask SendAsync(string text, CancellationToken cancellation) => socket.SendAsync(
        Encoding.UTF8.GetBytes(text).AsMemory(), WebSocketMessageType.Text, endOfMessage: true, cancellation);

    private static async Task ShakeHandsAsync(NetworkStream stream, Uri server, CancellationToken cancellation)
    {
        var request =
            $"GET /graphql HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
            $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {Key}\r\n" +
            "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), cancellation);
        var head = new byte[HandshakeMax];
        var length = 0;
        // The server speaks next only after connection_init, so nothing follows the headers.
        while (head.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            var count = await stream.ReadAsync(head.AsMemory(length), cancellation);
            length += count > 0 ? count : throw new InvalidOperationException("A server closed the connection.");
        }

        if (!head.AsSpan().StartsWith("HTTP/1.1 101 "u8))
            throw new InvalidOperationException($"A server answered: {Encoding.UTF8.GetString(head, 0, length)}");
    }
}

/// <summary>What arrived on all sockets of a server.</summary>
internal sealed class Deliveries
{
    private readonly Lock gate = new();
    private readonly Dictionary<int, long> publishedAt = [];
    private readonly List<long> latencies = [];
    private int count;
    private int lost;
    private int disordered;

    /// <summary>The data of the first delivery.</summary>
    public JsonElement? First { get; private set; }

    public int Count => Volatile.Read(ref count);

    /// <summary>Messages that were left out, with later ones delivered.</summary>
    public int Lost => Volatile.Read(ref lost);

    /// <summary>Messages that came twice, or after later ones.</summary>
    public int Disordered => Volatile.Read(ref disordered);

    /// <summary>From the publishing of the messages noted to their arrival.</summary>
    public Store.Percentiles Latency
    {
        get
        {
            lock (gate)
                return Store.Percentiles.Of(latencies);
        }
    }

    /// <summary>Notes that a message is being published now.</summary>
    public void Publishing(int number)
    {
        lock (gate)
            publishedAt[number] = Stopwatch.GetTimestamp();
    }

    /// <summary>Takes a delivery.</summary>
    /// <param name="message">As it came.</param>
    /// <param name="last">The number of the message before it on the same subscription; 0 for the first.</param>
    /// <param name="number">Of this message.</param>
    /// <param name="at">When it came.</param>
    public void Add(ReadOnlySpan<byte> message, int last, int number, long at)
    {
        lock (gate)
        {
            First ??= JsonSerializer.Deserialize<JsonElement>(message).GetProperty("payload");
            count++;
            if (number <= last)
                disordered++;
            else if (last > 0)
                lost += number - last - 1;
            if (publishedAt.TryGetValue(number, out var start))
                latencies.Add(at - start);
        }
    }
}
