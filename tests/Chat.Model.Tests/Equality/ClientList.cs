using System.Globalization;
using System.Text.Json;
using Chat.Api.Tests;
using Chat.Model.Rules;
using Chat.Model.Runs;

namespace Chat.Model.Equality;

/// <summary>
/// The list of one's rooms with what is unread, as a client holds it: fetched once, kept up to date by the one stream
/// of all events. Read markers are not replayed, so they are taken as they are now.
/// </summary>
internal sealed class ClientList
{
    private const string RoomPart = "id name topic archived position viewerMembership { role }";

    private const string Messages =
        """
        messages(first: 100, after: $after) {
          nodes { id position author { id } deletedAt } pageInfo { hasNextPage endCursor }
        }
        """;

    private const string List =
        $$"""
        { viewer { cursor user { id } memberships { lastReadPosition unreadCount room { {{RoomPart}} } } } }
        """;

    private const string One = $"query($id: UUID!, $after: Long!) {{ room(id: $id) {{ {RoomPart} {Messages} }} }}";

    private const string Events =
        """
        subscription($after: Long!) { events(after: $after) { cursor event {
          __typename
          ... on RoomEvent { roomId position }
          ... on RoomUpdated { room { name topic archived } }
          ... on MemberChanged { user { id } change role }
          ... on MessagePosted { message { id position author { id } deletedAt } }
          ... on MessageDeleted { messageId }
          ... on HistoryExpired { throughPosition }
        } } }
        """;

    private readonly Client _client;
    private readonly Dictionary<Guid, Entry> _rooms = [];
    private long _cursor;

    private ClientList(Client client) => _client = client;

    public static async Task<ClientList> FetchAsync(Client client, int node)
    {
        var list = new ClientList(client);
        var viewer = (await client.DataAsync(node, List)).GetProperty("viewer");
        list._cursor = viewer.GetProperty("cursor").GetInt64();
        foreach (var membership in viewer.GetProperty("memberships").EnumerateArray())
            await list.LearnAsync(node, membership.GetProperty("room").GetProperty("id").GetGuid());
        return list;
    }

    /// <summary>
    /// Follows until every room of the model is where the model has it; then it is what a fetch shows.
    /// </summary>
    public async Task CatchUpAsync(Nodes nodes, int node, World world, Person person)
    {
        await using var socket = await ChatSocket.ConnectAsync(nodes.AddressOf(node), _client.Token);
        await socket.SendAsync(new
        {
            id = "1",
            type = "subscribe",
            payload = new { query = Events, variables = new { after = _cursor } },
        });
        var own = world.Rooms.Where(room => room.Members.ContainsKey(person.Index))
            .ToDictionary(room => room.Id, room => room.Position);
        while (!IsAt(own))
        {
            var message = await socket.ReceiveAsync()
                ?? throw new InvalidOperationException($"The stream of {person} ended.");
            if (message.GetProperty("type").GetString() != "next")
                continue;
            var next = message.GetProperty("payload").GetProperty("data").GetProperty("events");
            next.GetProperty("cursor").GetInt64().ShouldBeGreaterThan(_cursor, $"{person}");
            _cursor = next.GetProperty("cursor").GetInt64();
            await ApplyAsync(node, next.GetProperty("event"));
        }

        await CompareAsync(node, person);
    }

    private bool IsAt(Dictionary<Guid, long> own) =>
        _rooms.Count == own.Count && own.All(one => _rooms.GetValueOrDefault(one.Key)?.Position >= one.Value);

    private async Task CompareAsync(int node, Person person)
    {
        var viewer = (await _client.DataAsync(node, List)).GetProperty("viewer");
        var fresh = viewer.GetProperty("memberships").EnumerateArray().ToDictionary(
            one => one.GetProperty("room").GetProperty("id").GetGuid());
        _rooms.Keys.Order().ShouldBe(fresh.Keys.Order(), $"rooms of {person}");
        foreach (var (id, membership) in fresh)
        {
            var (room, held) = (membership.GetProperty("room"), _rooms[id]);
            held.Header.ShouldBe(HeaderOf(room), $"{person}");
            held.Role.ShouldBe(room.GetProperty("viewerMembership").GetProperty("role").GetString(), $"{person}");
            held.UnreadAbove(membership.GetProperty("lastReadPosition").GetInt64(), person.Id).ShouldBe(
                membership.GetProperty("unreadCount").GetInt32(), $"unread of {person} in {room}");
        }
    }

    private async Task ApplyAsync(int node, JsonElement e)
    {
        if (!e.TryGetProperty("roomId", out var of))
            return;
        var roomId = of.GetGuid();
        var type = e.GetProperty("__typename").GetString();
        if (type == "RoomCreated" || type == "MemberChanged" && IsAboutMe(e))
            await ApplyToMeAsync(node, roomId, e, type == "RoomCreated" ? "JOINED" : null);
        if (!_rooms.TryGetValue(roomId, out var room))
            return;
        room.Position = Math.Max(room.Position, e.GetProperty("position").GetInt64());
        if (type == "RoomUpdated")
            room.Header = HeaderOf(e.GetProperty("room"));
        if (type == "MessagePosted")
            room.Add(e.GetProperty("message"));
        if (type == "MessageDeleted")
            room.Delete(e.GetProperty("messageId").GetGuid());
        if (type == "HistoryExpired")
            room.Expire(e.GetProperty("throughPosition").GetInt64());
    }

    private bool IsAboutMe(JsonElement e) => e.GetProperty("user").GetProperty("id").GetGuid() == _client.Id;

    private async Task ApplyToMeAsync(int node, Guid roomId, JsonElement e, string? change)
    {
        switch (change ?? e.GetProperty("change").GetString())
        {
            case "JOINED":
                await LearnAsync(node, roomId);
                break;
            case "LEFT" or "KICKED" or "BANNED":
                _rooms.Remove(roomId);
                break;
            case "ROLE_CHANGED" when _rooms.TryGetValue(roomId, out var room):
                room.Role = e.GetProperty("role").GetString();
                break;
        }
    }

    // A room that is new on the list is fetched; where it is gone again meanwhile, its end is among the events to come.
    private async Task LearnAsync(int node, Guid roomId)
    {
        var entry = new Entry();
        for (long? after = 0; after is not null;)
        {
            var room = (await _client.DataAsync(node, One, new { id = roomId, after })).GetProperty("room");
            if (room.ValueKind == JsonValueKind.Null
                || room.GetProperty("viewerMembership").ValueKind == JsonValueKind.Null)
                return;
            entry.Header = HeaderOf(room);
            entry.Role = room.GetProperty("viewerMembership").GetProperty("role").GetString();
            entry.Position = room.GetProperty("position").GetInt64();
            foreach (var message in room.GetProperty("messages").GetProperty("nodes").EnumerateArray())
                entry.Add(message);
            var page = room.GetProperty("messages").GetProperty("pageInfo");
            after = page.GetProperty("hasNextPage").GetBoolean()
                ? long.Parse(page.GetProperty("endCursor").GetString()!, CultureInfo.InvariantCulture)
                : null;
        }

        _rooms[roomId] = entry;
    }

    private static string HeaderOf(JsonElement room) =>
        $"{room.GetProperty("name")} {room.GetProperty("topic")} {room.GetProperty("archived")}";

    private sealed class Entry
    {
        private readonly Dictionary<Guid, (long Position, Guid Author, bool IsDeleted)> _messages = [];

        public string Header { get; set; } = "";

        public string? Role { get; set; }

        public long Position { get; set; }

        public void Add(JsonElement message) => _messages[message.GetProperty("id").GetGuid()] = (
            message.GetProperty("position").GetInt64(),
            message.GetProperty("author").GetProperty("id").GetGuid(),
            message.GetProperty("deletedAt").ValueKind != JsonValueKind.Null);

        public void Delete(Guid id)
        {
            if (_messages.TryGetValue(id, out var message))
                _messages[id] = message with { IsDeleted = true };
        }

        public void Expire(long through)
        {
            foreach (var (id, _) in _messages.Where(one => one.Value.Position <= through).ToList())
                _messages.Remove(id);
        }

        public int UnreadAbove(long read, Guid viewer) => _messages.Values.Count(message =>
            message.Position > read && message.Author != viewer && !message.IsDeleted);
    }
}
