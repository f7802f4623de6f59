using Chat.Bench.Chat.Clients;
using Chat.Bench.Store;

namespace Chat.Bench.Chat.Servers;

/// <summary>The chat server of this repository, as <c>ops/run</c> serves it.</summary>
internal sealed class OurServer(Uri address, int process, ServerProcesses postgres)
    : ChatServer("ours", process, postgres), IDisposable
{
    /// <summary>Password hashes take a core each.</summary>
    private const int RegistrationsAtOnce = 2;

    private readonly HttpClient http = new() { BaseAddress = address };

    public override async Task<Crowd> GatherAsync(int people, int peopleOfRoom, CancellationToken cancellation)
    {
        var users = new ChatUser[people];
        await Parallel.ForAsync(
            0, people, new ParallelOptions { MaxDegreeOfParallelism = RegistrationsAtOnce, CancellationToken = cancellation },
            async (person, stop) => users[person] = await ChatUser.RegisterAsync(http, $"Person {person}", stop));
        var rooms = people / peopleOfRoom;
        var connections = new Connection[people];
        for (var room = 0; room < rooms; room++)
        {
            var owner = users[room];
            var roomId = await owner.CreateRoomAsync($"Bench {room}", cancellation);
            // As a client does that has opened the room: each goes on from the position that it has seen.
            connections[room] = GraphQLConnection.Open(address, owner.Token, roomId, 1, room, room);
            for (var person = room + rooms; person < people; person += rooms)
            {
                var position = await users[person].JoinRoomAsync(roomId, cancellation);
                connections[person] = GraphQLConnection.Open(
                    address, users[person].Token, roomId, position, person, room);
            }
        }

        return new(connections);
    }

    public void Dispose() => http.Dispose();
}
