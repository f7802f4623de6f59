using System.Text.Json;

namespace Chat.Api.Tests.Realtime;

/// <summary>A subscription to the signals of a room, on a socket that shows nobody as present.</summary>
public sealed class Watched : IAsyncDisposable
{
    private readonly ChatSocket _socket;

    private Watched(ChatSocket socket) => _socket = socket;

    public static Task<Watched> TypingAsync(ChatClient client, Guid roomId) => StartAsync(
        client, "subscription($roomId: UUID!) { typing(roomId: $roomId) { user { id } typing } }", roomId);

    public static Task<Watched> PresenceAsync(ChatClient client, Guid roomId) => StartAsync(
        client, "subscription($roomId: UUID!) { presence(roomId: $roomId) { user { id } presence } }", roomId);

    public async Task<(Guid AccountId, bool Typing)> NextAsync()
    {
        var signal = (await _socket.NextAsync("typing")).ShouldNotBeNull();
        return (PersonOf(signal), signal.GetProperty("typing").GetBoolean());
    }

    public async Task<(Guid AccountId, string? Presence)> NextPresenceAsync()
    {
        var signal = (await _socket.NextAsync("presence")).ShouldNotBeNull();
        return (PersonOf(signal), signal.GetProperty("presence").GetString());
    }

    /// <summary>
    /// Whether the server ends the subscription, after whatever it still sends: one that had not begun yet when its
    /// owner left is refused.
    /// </summary>
    public async Task<bool> EndAsync()
    {
        while (await _socket.ReceiveAsync() is { } message)
        {
            if (message.GetProperty("type").GetString() is "complete" or "error")
                return true;
        }

        return false;
    }

    public ValueTask DisposeAsync() => _socket.DisposeAsync();

    private static async Task<Watched> StartAsync(ChatClient client, string query, Guid roomId)
    {
        var socket = await client.ConnectAsync();
        await socket.SubscribeAsync(query, new { roomId });
        return new Watched(socket);
    }

    private static Guid PersonOf(JsonElement signal) => signal.GetProperty("user").GetProperty("id").GetGuid();
}
