using System.Text.Json;

namespace Chat.Api.Tests.Realtime;

/// <summary>A subscription to the signals of a room, on a socket that shows nobody as present.</summary>
public sealed class Watched : IAsyncDisposable
{
    private readonly ChatSocket _socket;
    private readonly Dictionary<Guid, string?> _presences = [];

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

    /// <summary>The next change; what holds may be told twice.</summary>
    public async Task<(Guid AccountId, string? Presence)> NextPresenceAsync()
    {
        while (true)
        {
            var signal = (await _socket.NextAsync("presence")).ShouldNotBeNull();
            var (person, presence) = (PersonOf(signal), signal.GetProperty("presence").GetString());
            if (_presences.GetValueOrDefault(person) == presence)
                continue;
            _presences[person] = presence;
            return (person, presence);
        }
    }

    /// <summary>Whether the server completes the subscription, after whatever it still sends.</summary>
    public async Task<bool> EndAsync()
    {
        while (await _socket.ReceiveAsync() is { } message)
        {
            if (message.GetProperty("type").GetString() == "complete")
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
