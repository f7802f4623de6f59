using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;

namespace Chat.Bench;

/// <summary>One subscriber of one room over graphql-transport-ws, on a socket of its own.</summary>
internal sealed class RoomListener : IDisposable
{
    private const int FrameBytesMax = 64 * 1024;

    // From the room's first event on, so that it does not matter when the server gets round to the subscription.
    private const string Subscribe =
        """
        subscription($roomId: UUID!) {
          roomEvents(roomId: $roomId, after: 0) { position ... on MessagePosted { message { text } } }
        }
        """;

    private readonly ClientWebSocket _socket = new();
    private readonly SentMessages _sent;
    private readonly byte _room;
    private readonly byte[] _frame = new byte[FrameBytesMax];
    private readonly bool[] _seen = new bool[SentMessages.CountMax];
    private readonly List<Delivery> _deliveries = [];
    private long _position;
    private int _delivered;

    private RoomListener(SentMessages sent, byte room)
    {
        _sent = sent;
        _room = room;
        _socket.Options.AddSubProtocol("graphql-transport-ws");
    }

    /// <summary>Messages that came once; read while others write.</summary>
    public int Delivered => Volatile.Read(ref _delivered);

    public int Doubled { get; private set; }

    /// <summary>Events whose position was not one more than the one before.</summary>
    public int OutOfOrder { get; private set; }

    /// <summary>Complete once <see cref="ListenAsync"/> has ended.</summary>
    public IReadOnlyList<Delivery> Deliveries => _deliveries;

    public byte Room => _room;

    public static async Task<RoomListener> OpenAsync(
        Uri server, string token, Guid roomId, byte room, SentMessages sent, CancellationToken cancellation)
    {
        var listener = new RoomListener(sent, room);
        var scheme = server.Scheme is "https" ? "wss" : "ws";
        var address = new UriBuilder(server) { Scheme = scheme, Path = "/graphql" }.Uri;
        await listener._socket.ConnectAsync(address, cancellation);
        var authorization = new { authorization = $"Bearer {token}" };
        await listener.SendAsync(new { type = "connection_init", payload = authorization }, cancellation);
        using (var acknowledgement = await listener.ReceiveAsync(cancellation))
        {
            if (TypeOf(acknowledgement) is not "connection_ack")
                throw new InvalidOperationException("The socket was not accepted.");
        }

        var payload = new { query = Subscribe, variables = new { roomId } };
        await listener.SendAsync(new { id = "1", type = "subscribe", payload }, cancellation);
        return listener;
    }

    /// <summary>Takes events until it is cancelled or the server ends the subscription, which is an error.</summary>
    public async Task ListenAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            JsonDocument frame;
            try
            {
                frame = await ReceiveAsync(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }

            using (frame)
            {
                var arrived = Stopwatch.GetTimestamp();
                switch (TypeOf(frame))
                {
                    case "next": Take(frame.RootElement, arrived); break;
                    case "ping": await SendAsync(new { type = "pong" }, cancellation); break;
                    default: throw new InvalidOperationException($"The subscription ended: {frame.RootElement}.");
                }
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private void Take(JsonElement frame, long arrived)
    {
        var payload = frame.GetProperty("payload");
        if (payload.TryGetProperty("errors", out var errors))
            throw new InvalidOperationException($"An event failed: {errors}.");
        var roomEvent = payload.GetProperty("data").GetProperty("roomEvents");
        var position = roomEvent.GetProperty("position").GetInt64();
        if (position != _position + 1) OutOfOrder++;
        _position = position;
        if (!roomEvent.TryGetProperty("message", out var message)) return;

        var number = SentMessages.NumberOf(message.GetProperty("text").GetString()!);
        if (_seen[number])
        {
            Doubled++;
            return;
        }

        _seen[number] = true;
        _deliveries.Add(new(number, Stopwatch.GetElapsedTime(_sent.SentAt(number), arrived)));
        Volatile.Write(ref _delivered, _delivered + 1);
    }

    private static string? TypeOf(JsonDocument frame) => frame.RootElement.GetProperty("type").GetString();

    private Task SendAsync(object message, CancellationToken cancellation)
    {
        var frame = JsonSerializer.SerializeToUtf8Bytes(message);
        return _socket.SendAsync(frame, WebSocketMessageType.Text, endOfMessage: true, cancellation);
    }

    private async Task<JsonDocument> ReceiveAsync(CancellationToken cancellation)
    {
        var length = 0;
        while (true)
        {
            var part = await _socket.ReceiveAsync(_frame.AsMemory(length), cancellation);
            if (part.MessageType is WebSocketMessageType.Close)
                throw new InvalidOperationException($"The server closed the socket: {_socket.CloseStatusDescription}.");
            length += part.Count;
            if (part.EndOfMessage) return JsonDocument.Parse(_frame.AsMemory(0, length));
            if (length == FrameBytesMax)
                throw new InvalidOperationException($"A frame is longer than {FrameBytesMax} bytes.");
        }
    }
}

/// <summary>A message's way from its sender to one receiver.</summary>
internal readonly record struct Delivery(int Number, TimeSpan Took);
