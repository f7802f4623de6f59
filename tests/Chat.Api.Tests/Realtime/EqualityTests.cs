using System.Text.Json;

namespace Chat.Api.Tests.Realtime;

/// <summary>
/// After a random history: the live read models equal rebuilt ones, and snapshot + events equal a fresh fetch.
/// </summary>
public sealed class EqualityTests(ChatServer server) : IClassFixture<ChatServer>
{
    private const string Snapshot =
        """
        query($id: UUID!) { room(id: $id) {
          position archived memberCount
          members(first: 100) { nodes { role user { id } } }
          messages(last: 100) { nodes { id position text author { id } } }
        } }
        """;

    [Fact]
    public async Task Live_equals_rebuilt_and_snapshot_with_events_equals_refetch()
    {
        var seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        using var owner = await server.PersonAsync("Owner");
        var people = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => server.GuestAsync($"Guest {i}")));
        var room = await owner.CreateRoomAsync();
        await ActAsync(people, room, random, steps: 40);

        var stale = RoomModel.From((await owner.DataAsync(Snapshot, new { id = room })).GetProperty("room"));
        await using var socket = await owner.ConnectAsync();
        await socket.SubscribeAsync(room, stale.Position);
        await ActAsync(people, room, random, steps: 60);
        var fresh = RoomModel.From((await owner.DataAsync(Snapshot, new { id = room })).GetProperty("room"));
        while (stale.Position < fresh.Position)
            stale.Apply((await socket.NextAsync())!.Value);
        stale.ToString().ShouldBe(fresh.ToString(), $"seed {seed}");

        // In the end everybody goes, and with the last one the room is archived.
        foreach (var person in people.Append(owner))
            await person.LeaveAsync(room);
        (await server.CountAsync("select count(*) from chat_read.rooms where archived")).ShouldBe(1);
        var live = await server.DumpAsync();
        await server.CountAsync("with gone as (delete from chat_read.messages returning 1) select count(*) from gone");
        await server.RebuildAsync();
        (await server.DumpAsync()).ShouldBe(live, $"seed {seed}");

        // The server goes on with the rebuilt tables.
        var next = await owner.CreateRoomAsync();
        (await owner.DataAsync(Snapshot, new { id = next })).GetProperty("room").GetProperty("memberCount").GetInt32()
            .ShouldBe(1);
    }

    private static async Task ActAsync(ChatClient[] people, Guid room, Random random, int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            var person = people[random.Next(people.Length)];
            switch (random.Next(6))
            {
                case 0:
                    await person.LeaveAsync(room);
                    break;
                case 1 or 2:
                    await person.JoinAsync(room);
                    break;
                default:
                    await person.PayloadAsync("postMessage", new { roomId = room, text = $"step {i}" }, "position");
                    break;
            }
        }
    }

    /// <summary>What a client keeps of a room.</summary>
    private sealed class RoomModel
    {
        private readonly SortedDictionary<Guid, string> _members = [];
        private readonly SortedDictionary<long, string> _messages = [];
        private bool _archived;

        public long Position { get; private set; }

        public static RoomModel From(JsonElement room)
        {
            var model = new RoomModel
            {
                Position = room.GetProperty("position").GetInt64(),
                _archived = room.GetProperty("archived").GetBoolean(),
            };
            foreach (var member in room.GetProperty("members").GetProperty("nodes").EnumerateArray())
                model._members[Id(member.GetProperty("user"))] = member.GetProperty("role").GetString()!;
            foreach (var message in room.GetProperty("messages").GetProperty("nodes").EnumerateArray())
                model.Add(message);
            model._members.Count.ShouldBe(room.GetProperty("memberCount").GetInt32());
            return model;
        }

        public void Apply(JsonElement e)
        {
            e.GetProperty("position").GetInt64().ShouldBe(Position + 1);
            Position++;
            switch (e.GetProperty("__typename").GetString())
            {
                case "MemberChanged" when e.GetProperty("change").GetString() == "JOINED":
                    _members[Id(e.GetProperty("user"))] = e.GetProperty("role").GetString()!;
                    break;
                case "MemberChanged":
                    _members.Remove(Id(e.GetProperty("user")));
                    break;
                case "MessagePosted":
                    Add(e.GetProperty("message"));
                    break;
                case "RoomUpdated":
                    _archived = e.GetProperty("room").GetProperty("archived").GetBoolean();
                    break;
            }
        }

        public override string ToString() =>
            $"{Position} {_archived} {string.Join(';', _members)} {string.Join(';', _messages.TakeLast(100))}";

        private void Add(JsonElement message) => _messages[message.GetProperty("position").GetInt64()] =
            $"{Id(message)} {message.GetProperty("text").GetString()} {Id(message.GetProperty("author"))}";

        private static Guid Id(JsonElement element) => element.GetProperty("id").GetGuid();
    }
}
