using Chat.Bench.Chat.Clients;
using Chat.Bench.Store;
using Npgsql;

namespace Chat.Bench.Chat.Servers;

/// <summary>
/// ejabberd with rooms that keep their messages in the PostgreSQL that ours uses too; <c>ops/bench chat</c> starts it.
/// </summary>
internal sealed class Ejabberd(int port, NpgsqlDataSource database, int process, ServerProcesses postgres)
    : ChatServer("ejabberd", process, postgres)
{
    private const string Password = "bench";

    /// <summary>Its processes collect their garbage when they have been idle for a while.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);

    private int crowdsBefore;

    /// <summary>Makes its tables, which it does not do itself.</summary>
    public static async Task MigrateAsync(NpgsqlDataSource database, string script, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(await File.ReadAllTextAsync(script, cancellation));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public override async Task<Func<Crowd>> InviteAsync(
        int people, int peopleOfRoom, CancellationToken cancellation)
    {
        var number = crowdsBefore++;
        var users = Enumerable.Range(0, people).Select(person => $"person-{number}-{person}").ToArray();
        await using var command = database.CreateCommand(
            "INSERT INTO users (username, password) SELECT unnest($1), $2");
        command.Parameters.AddWithValue(users);
        command.Parameters.AddWithValue(Password);
        await command.ExecuteNonQueryAsync(cancellation);
        var rooms = people / peopleOfRoom;
        return () =>
        {
            var crowd = new Crowd(people, peopleOfRoom);
            foreach (var (person, user) in users.Index())
            {
                var room = person % rooms;
                crowd.Add(XmppConnection.Open(port, user, Password, $"room-{number}-{room}", person, room));
            }

            return crowd;
        };
    }

    public override Task SettleAsync(CancellationToken cancellation) => Task.Delay(Idle, cancellation);
}
