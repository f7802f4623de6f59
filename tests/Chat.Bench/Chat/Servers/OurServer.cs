using Chat.Bench.Chat.Clients;
using Chat.Bench.Store;

namespace Chat.Bench.Chat.Servers;

/// <summary>The chat server of this repository, as <c>ops/run</c> serves it.</summary>
internal sealed class OurServer(Uri address, int process, ServerProcesses postgres)
    : ChatServer("ours", process, postgres), IDisposable
{
    /// <summary>Password hashes take a core each.</summary>
    private const int RegistrationsAtOnce = 2;

    /// <summary>Regions that a collection empties are given back over the next ones.</summary>
    private const int Collections = 5;

    private readonly HttpClient http = new() { BaseAddress = address };

    public Uri Address => address;

    /// <summary>New people, in the order of their numbers.</summary>
    public async Task<ChatUser[]> RegisterAsync(int people, CancellationToken cancellation)
    {
        var users = new ChatUser[people];
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = RegistrationsAtOnce,
            CancellationToken = cancellation,
        };
        await Parallel.ForAsync(
            0, people, options,
            async (person, stop) => users[person] = await ChatUser.RegisterAsync(http, $"Person {person}", stop));
        return users;
    }

    public override async Task<Func<Crowd>> InviteAsync(
        int people, int peopleOfRoom, CancellationToken cancellation)
    {
        var users = await RegisterAsync(people, cancellation);
        var rooms = new (Guid Id, long Position)[people / peopleOfRoom];
        for (var room = 0; room < rooms.Length; room++)
        {
            rooms[room] = (await users[room].CreateRoomAsync($"Bench {room}", cancellation), 1);
            for (var person = room + rooms.Length; person < people; person += rooms.Length)
                rooms[room].Position = await users[person].JoinRoomAsync(rooms[room].Id, cancellation);
        }

        return () =>
        {
            var crowd = new Crowd(people, peopleOfRoom);
            foreach (var (person, user) in users.Index())
            {
                // As clients that have opened the room: each goes on from the position that it has seen.
                var room = person % rooms.Length;
                crowd.Add(RoomSocket.Open(
                    address, user.Token, rooms[room].Id, rooms[room].Position, person, room));
            }

            return crowd;
        };
    }

    /// <summary>The server collects what nobody needs any more, and gives back what it can.</summary>
    public override async Task SettleAsync(CancellationToken cancellation)
    {
        for (var i = 0; i < Collections; i++)
            await ManagedHeap.CollectAsync(Process, cancellation);
    }

    public void Dispose() => http.Dispose();
}
