using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Chat.GraphQL.Tests;

/// <summary>A client of graphql-transport-ws that says exactly what a test wants said.</summary>
public sealed class TestSocket(ClientWebSocket socket) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public ClientWebSocket Raw => socket;

    public Task SendAsync(object message) => SendTextAsync(JsonSerializer.Serialize(message));

    public Task SendTextAsync(string text) => socket.SendAsync(
        Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, Cancel.Test);

    public async Task InitAsync(object? payload = null)
    {
        await SendAsync(new { type = "connection_init", payload });
        (await ReceiveAsync()).GetProperty("type").GetString().ShouldBe("connection_ack");
    }

    public Task SubscribeAsync(string id, string query, object? variables = null) =>
        SendAsync(new { id, type = "subscribe", payload = new { query, variables } });

    /// <summary>The next message; fails when the socket is closed instead.</summary>
    public async Task<JsonElement> ReceiveAsync()
    {
        var (text, result) = await ReadAsync();
        result.MessageType.ShouldBe(
            WebSocketMessageType.Text, $"closed with {socket.CloseStatus} {socket.CloseStatusDescription}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Reads until the server closes the socket and tells with what.</summary>
    public async Task<(int Code, string? Text)> ReceiveCloseAsync()
    {
        while (true)
        {
            var (_, result) = await ReadAsync();
            if (result.MessageType == WebSocketMessageType.Close)
                return ((int)socket.CloseStatus!, socket.CloseStatusDescription);
        }
    }

    public void Dispose() => socket.Dispose();

    private async Task<(string Text, WebSocketReceiveResult Result)> ReadAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        using var message = new MemoryStream();
        var buffer = new byte[8192];
        WebSocketReceiveResult result;
        do
        {
            result = await socket.ReceiveAsync(buffer, patience.Token);
            message.Write(buffer, 0, result.Count);
        }
        while (!result.EndOfMessage);
        return (Encoding.UTF8.GetString(message.ToArray()), result);
    }
}
