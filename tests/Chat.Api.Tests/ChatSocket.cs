using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Chat.Api.Tests;

/// <summary>One graphql-transport-ws connection with one subscription at a time.</summary>
public sealed class ChatSocket : IAsyncDisposable
{
    public const string RoomEvents =
        """
        subscription($roomId: UUID!, $after: Long) { roomEvents(roomId: $roomId, after: $after) {
          __typename roomId position at actor { id displayName }
          ... on MessagePosted { message { id text position author { id displayName } } }
          ... on MemberChanged { change role user { id } }
          ... on RoomCreated { room { id name position memberCount } }
          ... on RoomUpdated { room { archived } }
        } }
        """;

    private static readonly TimeSpan MessageMax = TimeSpan.FromSeconds(10);

    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<string, JsonElement> _subscriptions = new(StringComparer.Ordinal);

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public static async Task<ChatSocket> ConnectAsync(
        Uri address, string? token, Action<ClientWebSocketOptions>? configure = null)
    {
        var socket = await OpenAsync(address, token, configure);
        (await socket.ReceiveAsync())?.GetProperty("type").GetString().ShouldBe("connection_ack");
        return socket;
    }

    /// <summary>Connects and says who it is, and leaves the answer to be read.</summary>
    public static async Task<ChatSocket> OpenAsync(
        Uri address, string? token, Action<ClientWebSocketOptions>? configure = null)
    {
        var socket = new ChatSocket();
        socket._socket.Options.AddSubProtocol("graphql-transport-ws");
        configure?.Invoke(socket._socket.Options);
        var url = new UriBuilder(address) { Scheme = "ws", Path = "/graphql" }.Uri;
        await socket._socket.ConnectAsync(url, TestContext.Current.CancellationToken);
        var payload = token is null ? null : new { authorization = $"Bearer {token}" };
        await socket.SendAsync(new { type = "connection_init", payload });
        return socket;
    }

    /// <summary>Starts a subscription to a room and returns when the server has taken it.</summary>
    public Task SubscribeAsync(Guid roomId, long? after, string id = "1") =>
        SendAsync(new
        {
            id,
            type = "subscribe",
            payload = new { query = RoomEvents, variables = new { roomId, after } },
        });

    /// <summary>Starts any subscription.</summary>
    public Task SubscribeAsync(string query, object variables, string id = "1") =>
        SendAsync(new { id, type = "subscribe", payload = new { query, variables } });

    /// <summary>
    /// The next event of a subscription; null when it is complete or the socket closed.
    /// Errors are thrown with their code.
    /// </summary>
    public async Task<JsonElement?> NextAsync(string field = "roomEvents")
    {
        while (await ReceiveAsync() is { } message)
        {
            switch (message.GetProperty("type").GetString())
            {
                case "next":
                    return message.GetProperty("payload").GetProperty("data").GetProperty(field);
                case "error":
                    throw new SubscriptionException(
                        message.GetProperty("payload")[0].GetProperty("extensions").GetProperty("code").GetString()!);
                case "complete":
                    return null;
                case "ping":
                    await SendAsync(new { type = "pong" });
                    break;
            }
        }

        return null;
    }

    public async IAsyncEnumerable<JsonElement> TakeAsync(
        int count, [EnumeratorCancellation] CancellationToken ct = default)
    {
        for (var i = 0; i < count; i++)
            yield return await NextAsync() ?? throw new InvalidOperationException("The subscription ended.");
    }

    public async Task<JsonElement?> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(MessageMax);
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        while (true)
        {
            var received = await _socket.ReceiveAsync(chunk.AsMemory(), limit.Token);
            if (received.MessageType == WebSocketMessageType.Close)
                return null;
            buffer.Write(chunk, 0, received.Count);
            if (received.EndOfMessage)
                return Recorded(JsonSerializer.Deserialize<JsonElement>(buffer.ToArray()));
        }
    }

    public Task SendAsync(object message)
    {
        var sent = JsonSerializer.SerializeToElement(message);
        if (sent.GetProperty("type").GetString() == "subscribe")
            _subscriptions[sent.GetProperty("id").GetString()!] = sent.GetProperty("payload");
        return _socket.SendAsync(
            JsonSerializer.SerializeToUtf8Bytes(sent), WebSocketMessageType.Text, endOfMessage: true,
            TestContext.Current.CancellationToken);
    }

    public Task CloseAsync() =>
        _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", TestContext.Current.CancellationToken);

    /// <summary>The connection is gone without a word.</summary>
    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private JsonElement Recorded(JsonElement message)
    {
        if (message.GetProperty("type").GetString() == "next"
            && _subscriptions.TryGetValue(message.GetProperty("id").GetString()!, out var sent))
        {
            Exchanges.Add(
                sent.GetProperty("query").GetString()!,
                sent.TryGetProperty("variables", out var variables) ? variables : null,
                message.GetProperty("payload"));
        }

        return message;
    }
}

public sealed class SubscriptionException(string code) : Exception(code)
{
    public string Code { get; } = code;
}
